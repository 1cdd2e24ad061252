package affiliate

import (
	"slices"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// ContentKind is a kind of content that leads to a sale.
type ContentKind int

// The kinds of content.
const (
	Video ContentKind = iota
	Live
	Card
	ContentKinds
)

// liveLength is how long a LIVE lasts. One that would go on after midnight ends
// there, so that no LIVE belongs to two days.
const liveLength = 6 * 60 * 60

// videoPause is the time between two videos of a creator about a product.
const videoPause = 4 * invent.SecondsOfDay

// Content is what led a buyer to a product: a video about it, a LIVE that shows
// it, or its card. It belongs to a creator or to the account of the shop.
type Content struct {
	Kind       ContentKind
	ID         string
	By         *creator // nil for the shop's own account
	Product    string   // of a video
	Number     int      // of a video, among those about the product
	Start, End int64    // when a video was posted; between when a LIVE was on
}

// affiliateType is the kind in the words of affiliate orders.
func (c *Content) affiliateType() string {
	return [ContentKinds]string{Video: "VIDEO", Live: "LIVE", Card: "SHOP"}[c.Kind]
}

// Username is the name of the account.
func (c *Content) Username(s *world.Shop) string {
	if c.By == nil {
		return ownUsername(s)
	}
	return c.By.username
}

// ownUsername is the name of the shop's own account, which is its official one.
func ownUsername(s *world.Shop) string {
	return plainLetters(s.Name) + "." + plainLetters(s.Region)
}

// NicknameOf is the name of a creator of the shop's market, by open id.
func NicknameOf(s *world.Shop, openID string) string {
	return findCreator(s.World, s.Region, openID, byOpenID).Nickname
}

// about tells how many videos a creator makes about a product in a collaboration,
// and how many LIVEs show it. Who makes neither sells by the showcase alone.
func (cr *creator) about(collaboration, product string) (videos, lives int64) {
	draw := invent.FNVMixed([]string{"content", collaboration, cr.userID, product})
	return int64(draw % 5), int64(draw >> 8 % 3)
}

// collaboration is the id of what the creator and the shop agreed.
func (p *endorsement) collaboration() string { return p.open + p.target }

// video is one of the videos that a creator makes about a product.
func (p *endorsement) video(product string, number int) Content {
	return Content{
		Kind: Video, By: p.Creator, Product: product, Number: number, Start: p.Since + int64(number)*videoPause,
		ID: invent.FinanceID("video", p.collaboration(), p.Creator.userID, product, strconv.Itoa(number)),
	}
}

// videos lists the videos about a product that are posted before a time, and
// before the creator leaves.
func (p *endorsement) videos(product string, before int64) (list []Content) {
	made, _ := p.Creator.about(p.collaboration(), product)
	for number := range int(made) {
		if v := p.video(product, number); p.at(v.Start) && v.Start < before {
			list = append(list, v)
		}
	}
	return list
}

// ownVideo is the video of the shop's account about a product.
func ownVideo(s *world.Shop, id string) Content {
	return Content{Kind: Video, ID: invent.FinanceID("video", s.ID, id), Product: id, Start: product.Of(s).ByID[id].Created}
}

// liveAt is the LIVE of an account at a time.
func liveAt(zone *time.Location, account string, at int64) Content {
	from := time.Unix(at, 0).In(zone)
	year, month, date := from.Date()
	midnight, next := time.Date(year, month, date, 0, 0, 0, 0, from.Location()).Unix(), time.Date(year, month, date+1, 0, 0, 0, 0, from.Location()).Unix()
	start := at - (at-midnight)%liveLength
	return Content{Kind: Live, ID: invent.FinanceID("live", account, strconv.FormatInt(start, 10)), Start: start, End: min(start+liveLength, next)}
}

// Leads tells what led buyers to what they ordered, as far as collaborations go
// by now.
type Leads struct {
	shop *world.Shop
	zone *time.Location
	all  map[string][]endorsement // by product
}

// NewLeads makes ready to tell. The caller holds the shop's lock.
func NewLeads(s *world.Shop) *Leads { return &Leads{s, s.Market.Location(), Endorsements(s)} }

// Of returns what led to the lines of an order. What is archived came before the
// shop worked with creators.
func (l *Leads) Of(o *trade.Order) func(line *trade.LineItem) Content {
	var sold Sales
	if trade.OrdersOf(l.shop).ByID[o.ID] != nil {
		sold = AffiliateSKUs(o, l.all)
	}
	return func(line *trade.LineItem) Content {
		for i := range sold {
			if slices.Contains(sold[i].Lines, line) {
				return sold[i].content(l.zone, o)
			}
		}
		return l.own(o, line.ProductID)
	}
}

// Videos lists the videos about a product that were posted before a time.
func (l *Leads) Videos(product string, before int64) (list []Content) {
	if own := ownVideo(l.shop, product); own.Start < before {
		list = append(list, own)
	}
	for i := range l.all[product] {
		list = append(list, l.all[product][i].videos(product, before)...)
	}
	return list
}

// kindOf tells what kind of content the buyer of an order saw.
func kindOf(o *trade.Order) (kind ContentKind, draw uint64) {
	draw = invent.FNVMixed([]string{o.ID, "content"})
	switch {
	case draw%10 < 3:
		return Video, draw >> 8
	case draw%10 < 5:
		return Live, draw >> 8
	}
	return Card, draw >> 8
}

// own is what led to a line without the help of a creator.
func (l *Leads) own(o *trade.Order, product string) Content {
	switch kind, _ := kindOf(o); kind {
	case Video:
		return ownVideo(l.shop, product)
	case Live:
		return liveAt(l.zone, l.shop.ID, o.PaidTime)
	}
	return Content{Kind: Card, ID: invent.FinanceID("card", l.shop.ID, product)}
}

// content is what led to a SKU that a creator sold: what they make decides what
// it can have been.
func (sku *affiliateSKU) content(zone *time.Location, o *trade.Order) Content {
	product := sku.Lines[0].ProductID
	_, lives := sku.Creator.about(sku.collaboration(), product)
	videos := sku.videos(product, o.CreateTime+1)
	kind, draw := kindOf(o)
	switch {
	case kind == Video && len(videos) == 0 && lives > 0:
		kind = Live
	case kind == Live && lives == 0 && len(videos) > 0:
		kind = Video
	case kind == Video && len(videos) == 0, kind == Live && lives == 0:
		kind = Card
	}
	switch kind {
	case Video:
		return videos[draw%uint64(len(videos))]
	case Live:
		on := liveAt(zone, sku.Creator.userID, o.PaidTime)
		on.By = sku.Creator
		return on
	}
	return Content{Kind: Card, By: sku.Creator, ID: invent.FinanceID("showcase", sku.Creator.userID)}
}

// ViewerProfile is who watched a video.
type ViewerProfile struct {
	Ages      []ageShare     `json:"age_distribution"`
	Countries []countryShare `json:"country_distribution"`
	Genders   []genderShare  `json:"gender_distribution"`
	Type      string         `json:"type"`
}

type (
	ageShare struct {
		Age   string `json:"age"`
		Share string `json:"percentage"`
	}
	countryShare struct {
		Country string `json:"country_code"`
		Share   string `json:"percentage"`
	}
	genderShare struct {
		Gender string `json:"gender"`
		Share  string `json:"percentage"`
	}
)

// Viewers tells who watched: the followers of the creator. Those of the shop are
// like those of the first creator of its market.
func (c *Content) Viewers(s *world.Shop) (list []ViewerProfile) {
	cr := c.By
	if cr == nil {
		cr = creatorsOf(s.World)[s.Region][0]
	}
	other := map[string]string{"FEMALE": "MALE", "MALE": "FEMALE"}[cr.gender]
	for _, kind := range []string{"NEW_FOLLOWER", "VIEWERS"} {
		v := ViewerProfile{
			Countries: []countryShare{{s.Region, hundredths(100)}}, Type: kind,
			Genders: []genderShare{{cr.gender, hundredths(cr.genderShare)}, {other, hundredths(100 - cr.genderShare)}},
		}
		for i, age := range []string{"18-24", "25-34", "35-44", "45-54", "55+"} {
			v.Ages = append(v.Ages, ageShare{age, hundredths(cr.ages[i])})
		}
		list = append(list, v)
	}
	return list
}
