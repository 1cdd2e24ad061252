package wiring

import (
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliatechat"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliatepartner"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/compliance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/customerservice"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/fbt"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/globalproduct"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/stock"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/notify"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// NewWorld invents a world as of now. Everything in it follows from the seed
// and the time.
func NewWorld(r *gate.Registry, seed uint64, now time.Time, auditDelay time.Duration) *world.World {
	w := &world.World{Seed: seed, Ports: world.Ports{Deadlines: r.Deadlines}}
	w.Rooms.Furnish(category.NewCatalog())
	w.Rooms.Furnish(media.NewFiles(seed))
	w.Owners.Shops = make(map[string]*world.Shop, 4096)
	rng := invent.NewRandom(seed, invent.StreamSeller)
	w.Rooms.Furnish(&media.Images{Random: invent.NewRandom(seed, invent.StreamImages), ByURI: map[string]*media.ImageInfo{}})
	w.Rooms.Furnish(category.NewBrands(seed))
	label := invent.Pick(rng, []string{"Harbor & Pine", "Juniper Lane", "Saltmarsh Goods", "Copper Finch", "Northlight", "Meadow & Main"})
	w.Seller = world.Seller{
		OpenID:        rng.Text(invent.URLDigits, 36),
		CreatorOpenID: rng.Text(invent.URLDigits, 36),
		Name:          label,
		Region:        "US",
		AssetCipher:   "TTP_" + rng.Text(invent.URLDigits, 28),
	}
	w.Neighbour = world.Seller{
		OpenID:      rng.Text(invent.URLDigits, 36),
		Name:        invent.Pick(rng, []string{"Thistle & Twine", "Brackenhurst", "Lantern Row", "Wren and Willow"}),
		Region:      "GB",
		AssetCipher: "GCP_" + rng.Text(invent.URLDigits, 28),
	}
	for i, s := range []struct {
		seller               *world.Seller
		region, suffix, kind string
	}{
		{&w.Seller, "US", "", "LOCAL"},
		{&w.Seller, "GB", " UK", "CROSS_BORDER"},
		{&w.Seller, "VN", " Việt Nam", "CROSS_BORDER"},
		{&w.Neighbour, "GB", "", "LOCAL"},
		// Nobody sells to Brazil from abroad: all sellers there are local.
		{&w.Seller, "BR", " Brasil", "LOCAL"},
	} {
		rng := invent.NewRandom(seed, invent.StreamShops+uint64(i))
		region := market.RegionOf(s.region)
		code := map[string]string{"LOCAL": "LC", "CROSS_BORDER": "CB"}[s.kind]
		shopIDs := invent.IDs{Next: world.IDSellers + uint64(i)*world.IDStride + rng.Uint64N(world.IDStride/2), Random: rng}
		shop := &world.Shop{
			Identity: world.Identity{
				ID:         shopIDs.New(),
				Cipher:     region.Prefix + rng.Text(invent.URLDigits, 28),
				Name:       s.seller.Name + s.suffix,
				Region:     region.Code,
				Code:       region.Code + code + rng.Text(invent.UpperDigits, 6),
				SellerType: s.kind,
			},
			Owner:      s.seller.OpenID,
			Standing:   world.Standing{Status: world.ShopActive},
			World:      w,
			Deadlines:  new(world.Deadlines),
			Market:     region,
			AuditDelay: auditDelay,
		}
		g := &world.Generator{Random: rng, World: w, Shop: shop, Index: uint64(i), Now: now}
		g.Warehouses()
		offers := product.SeedProducts(g)
		shop.Rooms.Furnish(stock.NewMoves())
		shop.Rooms.Furnish(media.NewTranslations(seed, i))
		trade.SeedOrders(g, offers)
		w.Shops = append(w.Shops, shop)
	}
	w.Rooms.Furnish(notify.NewWebhooks(w))
	w.Rooms.Furnish(affiliate.NewCreators(w))
	w.Rooms.Furnish(affiliate.NewShelves())
	for i, shop := range w.Shops {
		promotion.SeedPromotions(shop, seed, i, now)
		product.SeedCombined(shop)
		trade.SeedKinds(shop, now)
		customerservice.SeedDesk(shop, seed, i, now)
		affiliate.SeedAffiliate(shop, seed, i, now)
		fbt.Seed(shop, seed, i, now)
		affiliatechat.Seed(shop, seed, i, now)
	}
	affiliatepartner.Seed(w, now)
	w.Rooms.Furnish(&compliance.Registers{Sellers: compliance.NewRegisters(w)})
	w.Rooms.Furnish(&globalproduct.Globals{Sellers: globalproduct.NewGlobals(w, now)})
	return w
}
