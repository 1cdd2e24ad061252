package affiliate

import (
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// creatorsPerMarket is how many creators a market has.
const creatorsPerMarket = 24

// creator makes content for products of a market. Creators follow from the seed
// and never change. Money is in US cents.
type creator struct {
	OpenID, userID     string
	username, Nickname string
	bio, avatar        string // the avatar is an image's URI
	region             *market.Region

	followers              int64
	video, live, showcase  int64 // what buyers spent in 30 days, by content
	units, buyers          int64
	videos, lives          int64
	views, viewers         int64 // of a video, of a LIVE
	rate                   int64 // average commission
	products, brands       int64 // promoted, collaborated with
	ages                   [5]int64
	gender                 string
	genderShare            int64
	categories             []string // at the top of the tree
	agency, growing        bool
	response, satisfaction int64 // in hundredths
	named                  bool  // by somebody, not by the seed
}

func (cr *creator) gmv() int64 { return cr.video + cr.live + cr.showcase }

// ageRanges are the ages of followers in the words of the platform.
var ageRanges = [5]string{"AGE_RANGE_18_24", "AGE_RANGE_25_34", "AGE_RANGE_35_44", "AGE_RANGE_45_54", "AGE_RANGE_55_AND_ABOVE"}

// creators are those of each market, by its name. They never change.
type creators map[string][]*creator

// NewCreators invents the creators of all markets. Those who can authorize apps
// are the first of theirs.
func NewCreators(w *world.World) *creators {
	all := creators{}
	for i, place := range []string{"US", "GB", "VN", "BR"} {
		rng := invent.NewRandom(w.Seed, invent.StreamCreators+uint64(i))
		source := invent.IDs{Next: idCreators + uint64(i)*world.IDStride + rng.Uint64N(world.IDStride/2), Random: rng}
		for range creatorsPerMarket {
			all[place] = append(all[place], newCreator(w, &source, market.RegionOf(place)))
		}
	}
	for _, u := range authority.Users(w) {
		if u.UserType == authority.UserCreator {
			first := all[u.Region][0]
			first.OpenID, first.username = u.OpenID, u.Name
		}
	}
	return &all
}

func newCreator(w *world.World, source *invent.IDs, r *market.Region) *creator {
	rng := source.Random
	first, last := invent.Pick(rng, trade.FirstNames(r.Code)), invent.Pick(rng, trade.LastNames(r.Code))
	cr := &creator{
		OpenID: rng.Text(invent.URLDigits, 36), userID: source.New(), region: r, Nickname: first + " " + last,
		username: plainLetters(first) + "." + rng.Text(invent.LowerDigits, 5),
		avatar:   media.ImagesOf(w).Add(media.SeedImageSize, media.SeedImageSize, "image/png", nil).URI,
		units:    rng.Between(1, 9), videos: rng.Between(0, 60), lives: rng.Between(0, 12),
		rate: 100 * rng.Between(5, 25), products: rng.Between(0, 40), brands: rng.Between(1, 20),
		gender: invent.Pick(rng, []string{"FEMALE", "MALE"}), genderShare: rng.Between(51, 92),
		agency: rng.Chance(30), growing: rng.Chance(25), response: rng.Between(60, 100), satisfaction: rng.Between(380, 500),
	}
	for range rng.Between(0, 3) { // small ones are as frequent as large ones
		cr.units *= rng.Between(3, 12)
	}
	cr.buyers = max(1, cr.units*rng.Between(60, 95)/100)
	gmv := cr.units * rng.Between(900, 4500)
	cr.video, cr.live = gmv*rng.Between(30, 60)/100, gmv*rng.Between(5, 30)/100
	cr.showcase = gmv - cr.video - cr.live
	cr.followers = cr.units*rng.Between(20, 200) + rng.Between(1000, 9000)
	cr.views, cr.viewers = cr.followers*rng.Between(10, 60)/100, cr.followers*rng.Between(1, 6)/100
	rest := int64(100)
	for i := range cr.ages {
		cr.ages[i] = rest * rng.Between(20, 60) / 100
		rest -= cr.ages[i]
	}
	cr.ages[1] += rest
	for _, node := range category.CatalogOf(w).Categories {
		if node.Parent == nil && (len(cr.categories) == 0 || rng.Chance(20)) && rng.Chance(60) {
			cr.categories = append(cr.categories, node.ID)
		}
	}
	if len(cr.categories) == 0 { // every draw was against it
		cr.categories = []string{category.CatalogOf(w).Categories[0].ID}
	}
	cr.bio = "Finds from everyday life, honestly tried."
	return cr
}

// plainLetters is what a user name can have of a name.
func plainLetters(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// topAges are the ages of at least a quarter of the followers, or the most
// frequent one.
func (cr *creator) topAges() []string {
	var list []string
	for i, share := range cr.ages {
		if share >= 25 || share == slices.Max(cr.ages[:]) {
			list = append(list, ageRanges[i])
		}
	}
	return list
}

// findCreator returns a creator of a market whose id, taken by of, is the given one,
// or nil.
func findCreator(w *world.World, market, id string, of func(*creator) string) *creator {
	for _, cr := range creatorsOf(w)[market] {
		if of(cr) == id {
			return cr
		}
	}
	return nil
}

// Older dates know creators by user id, newer ones by open id.
func byOpenID(cr *creator) string { return cr.OpenID }
func byUserID(cr *creator) string { return cr.userID }

// promoter is a creator who promotes a product in an open collaboration.
type promoter struct {
	*creator
	videos, lives int64 // about the product
}

// joins tells when a creator takes part in a collaboration unless the seller
// ends it: nobody acts for creators, so it follows from the ids. Of a hundred
// creators some never do.
func (cr *creator) joins(collaboration string, start, within int64, percent uint64) (at int64, ok bool) {
	draw := invent.FNVMixed([]string{"joins", collaboration, cr.userID})
	return start + int64(draw>>8%uint64(within)), draw%100 < percent
}

// joined tells when a creator begins to promote the product of an open
// collaboration.
func (o *openCollaboration) joined(cr *creator) (at int64, ok bool) {
	return cr.joins(o.ID, o.Start, 10*invent.SecondsOfDay, 30)
}

// stays lists when a creator promotes the product of an open collaboration: as it
// follows from the ids, and as the creator wanted it.
func (o *openCollaboration) stays(cr *creator) (list []stay) {
	if since, ok := o.joined(cr); ok {
		list = append(list, stay{since, o.Removed[cr.userID]})
	}
	return append(list, o.Stays[cr.userID]...)
}

// join lets a creator promote the product of an open collaboration at once.
func (o *openCollaboration) join(cr *creator, now int64) {
	if o.Stays == nil {
		o.Stays = map[string][]stay{}
	}
	o.Stays[cr.userID] = append(o.Stays[cr.userID], stay{Since: now})
}

// leave ends that a creator promotes the product.
func (o *openCollaboration) leave(cr *creator, now int64) {
	if o.Removed[cr.userID] == 0 {
		o.Removed[cr.userID] = now
	}
	for i := range o.Stays[cr.userID] {
		if own := &o.Stays[cr.userID][i]; own.Left == 0 {
			own.Left = now
		}
	}
}

// promoters lists who promotes the product of an open collaboration at a time,
// in the order of the market's creators.
func promoters(s *world.Shop, o *openCollaboration, at int64) (list []promoter) {
	if !o.runs(at) {
		return nil
	}
	for _, cr := range creatorsOf(s.World)[s.Region] {
		if slices.ContainsFunc(o.stays(cr), func(in stay) bool { return in.at(at) }) {
			videos, lives := cr.about(o.ID, o.Product)
			list = append(list, promoter{cr, videos, lives})
		}
	}
	return list
}

// creatorsOf returns the creators of a world.
func creatorsOf(w *world.World) creators { return *world.RoomIn[creators](w.Rooms) }
