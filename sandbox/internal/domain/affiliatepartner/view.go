package affiliatepartner

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// summary is a campaign in lists.
type summary struct {
	End       int64  `json:"campaign_end_time"`
	Start     int64  `json:"campaign_start_time"`
	ID        string `json:"id"`
	Name      string `json:"name"`
	EnterTo   int64  `json:"registration_end_time"`
	EnterFrom int64  `json:"registration_start_time"`
	Status    string `json:"status"`
}

func (c *campaign) summary(now int64) summary {
	return summary{c.End, c.Start, c.ID, c.Name, c.EnterTo, c.EnterFrom, c.status(now)}
}

func param(c *gate.Call, name string) string {
	value, _ := wire.Lookup(c.Query, name)
	return value
}

// listCampaigns lists the partner's campaigns in the order of their creation. There
// are none of other kinds.
func listCampaigns(c *gate.Call) *gate.Failure {
	status, kind := param(c, "status"), param(c, "type")
	l, f := c.TimedList("", "", c.Grant.AssetCipher, status, kind)
	if f != nil {
		return f
	}
	all, now := campaignsOf(c.State.World), c.Now.Unix()
	all.mu.Lock()
	defer all.mu.Unlock()
	page, next, total := gate.TimedPage(l, all.kept.List, func(of *campaign) gate.Cursor { return gate.Cursor{ID: invent.Number(of.ID)} }, func(of *campaign) bool {
		return of.Owner == c.Grant.AssetCipher && (kind == "" || kind == "MY_CAMPAIGNS") && (status == "" || status == "UNSPECIFIED" || status == of.status(now))
	})
	c.JSON(struct {
		gate.PageEnd
		List []summary `json:"campaigns"`
	}{gate.PageEnd{NextPageToken: next, TotalCount: total}, invent.Each(page, func(of *campaign) summary { return of.summary(now) })})
	return nil
}

type targetShop struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

func getCampaign(c *gate.Call) *gate.Failure {
	return onCampaign(c, func(of *campaign) *gate.Failure {
		shops := []targetShop{}
		for _, s := range c.State.World.Shops {
			if slices.Contains(of.ShopCodes, s.Code) {
				shops = append(shops, targetShop{s.Code, s.Name})
			}
		}
		c.JSON(struct {
			summary
			Rate        int64        `json:"commission_rate"`
			Contact     contact      `json:"contact_info"`
			Description string       `json:"description"`
			Region      string       `json:"region"`
			SellerTypes []string     `json:"target_seller_types"`
			Shops       []targetShop `json:"target_shops"`
		}{of.summary(c.Now.Unix()), of.Rate, of.Contact, of.Description, of.Region, of.SellerTypes, shops})
		return nil
	})
}

// productView is a product that was entered. Nothing is sold through links here.
type productView struct {
	Category    categoryName         `json:"category"`
	CreatorRate int64                `json:"creator_commission_rate"`
	Highest     promotion.PriceMoney `json:"highest_price"`
	ID          string               `json:"id"`
	Inventory   int64                `json:"inventory"`
	Available   bool                 `json:"is_available"`
	Lowest      promotion.PriceMoney `json:"lowest_price"`
	Image       string               `json:"main_image_url"`
	Name        string               `json:"name"`
	OpenRate    int64                `json:"open_collaboration_commission_rate"`
	PartnerRate int64                `json:"partner_commission_rate"`
	Description string               `json:"product_description"`
	Sales       int64                `json:"product_sales"`
	Status      string               `json:"review_status"`
	Quota       int64                `json:"sample_quota"`
	Shop        string               `json:"shop_name"`
	SKUs        []skuView            `json:"sku_information_list"`
	Rate        int64                `json:"total_commission_rate"`

	category string
}

type (
	categoryName struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	skuView struct {
		Price      skuPrice      `json:"base_price"`
		Inventory  skuStock      `json:"inventory"`
		Properties []skuProperty `json:"properties"`
		Prices     []skuPrice    `json:"region_prices"`
		ID         string        `json:"sku_id"`
		Name       string        `json:"sku_name"`
	}
	skuPrice struct {
		Currency  string `json:"currency"`
		ListPrice string `json:"list_price,omitempty"`
		Region    string `json:"region_code"`
		SalePrice string `json:"sale_price"`
	}
	skuStock struct {
		Available string `json:"available_quantity"`
	}
	skuProperty struct {
		Name  string `json:"name"`
		Value string `json:"value_name"`
	}
)

// has tells whether a shop has a product.
func has(s *world.Shop, id string) bool { return product.Of(s).ByID[id] != nil }

// listProducts pages through what sellers entered, in that order.
func listProducts(c *gate.Call) *gate.Failure {
	filter := []string{param(c, "review_status"), param(c, "product_name"), param(c, "product_id"), param(c, "shop_name"), param(c, "category_id")}
	l, f := c.TimedList("", "", strings.Join(filter, " "))
	if f != nil {
		return f
	}
	var list []entered
	closed := false
	if f := onCampaign(c, func(of *campaign) *gate.Failure {
		closed = of.status(c.Now.Unix()) == statusClosed
		for _, p := range of.Products {
			list = append(list, *p)
		}
		return nil
	}); f != nil {
		return f
	}
	views := make([]productView, len(list))
	for i := range list {
		views[i] = show(c, &list[i], closed)
	}
	contains := func(text, part string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(part)) }
	page, next, total := gate.TimedPage(l, invent.Indexed(views), func(i int) gate.Cursor { return gate.Cursor{ID: int64(i)} }, func(i int) bool {
		v := &views[i]
		return (filter[0] == "" || filter[0] == v.Status) && contains(v.Name, filter[1]) && (filter[2] == "" || filter[2] == v.ID) && contains(v.Shop, filter[3]) &&
			(filter[4] == "" || category.CatalogOf(c.State.World).Under(v.category, filter[4]))
	})
	c.JSON(struct {
		gate.PageEnd
		Products []productView `json:"products"`
	}{gate.PageEnd{NextPageToken: next, TotalCount: total}, invent.Each(page, func(i int) productView { return views[i] })})
	return nil
}

// show shows a product that was entered. It takes the lock of its shop.
func show(c *gate.Call, in *entered, closed bool) productView {
	s := c.State.World.ShopByID(in.Shop)
	s.Mu.RLock()
	defer s.Mu.RUnlock()
	p, r := product.Of(s).ByID[in.Product], s.Market
	v := productView{
		CreatorRate: in.CreatorRate, ID: p.ID, Inventory: p.StockLeft(), Available: in.Linked, Name: p.Live.Title,
		OpenRate: affiliate.OpenRate(s, p.ID, c.Now.Unix()), PartnerRate: in.Rate - in.CreatorRate, Description: p.Live.Description, Status: in.Status, Quota: in.Quota,
		Shop: s.Name, SKUs: []skuView{}, Rate: in.Rate, category: p.Live.CategoryID,
	}
	if closed {
		v.Status = productClosed
	}
	if node := category.CatalogOf(c.State.World).ByID[p.Live.CategoryID]; node != nil {
		chain := category.CategoryViews(node.Chain(), r.Locale)
		v.Category = categoryName{node.ID, chain[len(chain)-1].LocalName}
	}
	if len(p.Live.Images) > 0 {
		v.Image = media.ImageURL(c, p.Live.Images[0])
	}
	var lowest, highest int64
	for i := range p.Live.SKUs {
		sku := &p.Live.SKUs[i]
		price := skuPrice{Currency: r.Currency, Region: s.Region, SalePrice: r.Money(sku.Price)}
		if sku.ListPrice > 0 {
			price.ListPrice = r.Money(sku.ListPrice)
		}
		shown := skuView{price, skuStock{strconv.FormatInt(p.Available(sku.ID), 10)}, []skuProperty{}, []skuPrice{price}, sku.ID, "Default"}
		var names []string
		for _, at := range sku.Attributes {
			shown.Properties = append(shown.Properties, skuProperty{at.Name, at.Value})
			names = append(names, at.Value)
		}
		if len(names) > 0 {
			shown.Name = strings.Join(names, ", ")
		}
		v.SKUs = append(v.SKUs, shown)
		before := max(sku.Price, sku.ListPrice)
		if i == 0 || before < lowest {
			lowest = before
		}
		highest = max(highest, before)
	}
	v.Lowest, v.Highest = promotion.PriceMoney{Amount: r.Money(lowest), Currency: r.Currency}, promotion.PriceMoney{Amount: r.Money(highest), Currency: r.Currency}
	return v
}
