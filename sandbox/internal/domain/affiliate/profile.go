package affiliate

import (
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// profile is the account of a creator, with the members of all versions. Whoever
// is bound to a shop is a seller, too.
type profile struct {
	Avatar      shelfImage `json:"avatar"`
	UserID      string     `json:"creator_user_id"`
	OpenID      string     `json:"creator_user_open_id"`
	Partner     string     `json:"partner_id"`
	PartnerName string     `json:"partner_name"`
	Permissions []string   `json:"permissions"`
	Registered  string     `json:"register_region"`
	Region      string     `json:"selection_region"`
	Seller      string     `json:"seller_type,omitempty"`
	OldName     string     `json:"user_name"`
	Type        string     `json:"user_type"`
	Username    string     `json:"username"`
}

func getProfile(c *gate.Call) *gate.Failure {
	cr := acting(c)
	v := profile{
		Avatar: shelfImage{media.SeedImageSize, media.SeedImageSize, avatar(c, cr).URL, media.SeedImageSize}, UserID: cr.userID, OpenID: cr.OpenID,
		Permissions: []string{"LIVE_STREAM_PERMISSION", "ADD_AFFILIATE_PERMISSION"}, Registered: cr.region.Code, Region: cr.region.Code,
		OldName: cr.username, Type: "TIKTOK_SHOP_CREATOR", Username: cr.username,
	}
	if s := boundShop(c.State.World, cr); s != nil {
		v.Seller, v.Permissions = s.SellerType, append(v.Permissions, "SELF_SALE_PERMISSION")
	}
	c.JSONAs(v)
	return nil
}

// boundProduct is a product of the shop that a creator is bound to.
type boundProduct struct {
	Added  string               `json:"added_status"`
	Brand  string               `json:"brand_name"`
	ID     string               `json:"id"`
	Images []shelfImage         `json:"images"`
	Price  promotion.PriceMoney `json:"price"`
	Sales  int64                `json:"sales_count"`
	Title  string               `json:"title"`

	number, lowest int64
}

// listBoundProducts pages through the live products of the creator's shop, of which
// there are none where there is no shop.
func listBoundProducts(c *gate.Call) *gate.Failure {
	cr := acting(c)
	field, descending := param(c, "sort_field"), param(c, "sort_order") != "ASC"
	keyword := strings.ToLower(param(c, "title_keyword"))
	l, f := c.TimedList("", "", cr.OpenID, field, keyword)
	if f != nil {
		return f
	}
	l.Descending = descending
	there := showcase(c, cr, func(in *shown) string { return in.product.ID })
	list := []boundProduct{}
	if s := boundShop(c.State.World, cr); s != nil {
		lockedFor(c, s, func(s *world.Shop) {
			sold := unitsSold(s)
			for _, p := range product.Of(s).List {
				if p.Status != product.ProductActivate || !strings.Contains(strings.ToLower(p.Live.Title), keyword) {
					continue
				}
				lowest, _ := priceSpan(p, false)
				v := boundProduct{
					Added: "ADDABLE", Brand: brandName(c, p), ID: p.ID, Images: shelfImages(c, p),
					Price: promotion.PriceMoney{Amount: s.Market.Money(lowest), Currency: s.Market.Currency}, Sales: sold[p.ID], Title: p.Live.Title,
					number: p.Number, lowest: lowest,
				}
				if slices.Contains(there, p.ID) {
					v.Added = "ADDED"
				}
				list = append(list, v)
			}
		})
	}
	key := func(p boundProduct) gate.Cursor {
		return gate.Cursor{At: map[string]int64{"PRICE": p.lowest, "SALE": p.Sales}[field], ID: p.number}
	}
	slices.SortFunc(list, func(a, b boundProduct) int { return key(a).Compare(key(b)) })
	page, next, total := gate.TimedPage(l, list, key, func(boundProduct) bool { return true })
	c.JSONAs(struct {
		gate.PageEnd
		Products []boundProduct `json:"products"`
	}{gate.PageEnd{NextPageToken: next, TotalCount: total}, page})
	return nil
}

// brandName is the brand that a seller gave a product, "" where there is none.
func brandName(c *gate.Call, p *product.Product) string {
	if b := category.BrandsOf(c.State.World).Get(p.Live.BrandID); b != nil {
		return b.Name
	}
	return ""
}
