package affiliate

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// creatorOrder is an order as its creator sees it.
type creatorOrder struct {
	CreateTime   int64        `json:"create_time"`
	DeliveryTime int64        `json:"delivery_time,omitempty"`
	ID           any          `json:"id"` // a number where links are traced
	SKUs         []creatorSKU `json:"skus"`
	Status       string       `json:"status"`

	key   gate.Cursor
	times map[string]int64 // by time_type
	lines []creatorLine
}

// creatorLine is what the oldest version tells of an order.
type creatorLine struct {
	ID      string `json:"id"`
	Product string `json:"product_id"`
}

// creatorSKU is a SKU that the creator sold. The sandbox has no bonuses and no
// rewards of partners.
type creatorSKU struct {
	ActualBonus     *promotion.PriceMoney `json:"actual_bonus_commission,omitempty"`
	Actual          *promotion.PriceMoney `json:"actual_commission,omitempty"`
	ActualBase      *promotion.PriceMoney `json:"actual_commission_base,omitempty"`
	ActualReward    *promotion.PriceMoney `json:"actual_creator_commission_reward_fee,omitempty"`
	ActualAds       *promotion.PriceMoney `json:"actual_shop_ads_commission,omitempty"`
	BonusRate       int64                 `json:"commission_bonus_rate"`
	Rate            int64                 `json:"commission_rate"`
	ContentID       string                `json:"content_id"`
	ContentType     string                `json:"content_type"`
	RewardRate      int64                 `json:"creator_commission_reward_rate"`
	DeliveryTime    int64                 `json:"delivery_time,omitempty"`
	EstimatedBonus  promotion.PriceMoney  `json:"estimated_bonus_commission"`
	Estimated       promotion.PriceMoney  `json:"estimated_commission"`
	EstimatedBase   promotion.PriceMoney  `json:"estimated_commission_base"`
	EstimatedReward promotion.PriceMoney  `json:"estimated_creator_commission_reward_fee"`
	EstimatedAds    promotion.PriceMoney  `json:"estimated_shop_ads_commission"`
	ID              string                `json:"id"`
	Open            string                `json:"open_collaboration_id,omitempty"`
	Price           promotion.PriceMoney  `json:"price"`
	Product         string                `json:"product_id"`
	ProductName     string                `json:"product_name"`
	Quantity        int                   `json:"quantity"`
	Refunded        int                   `json:"refunded_quantity"`
	Returned        int                   `json:"returned_quantity"`
	AdsRate         int64                 `json:"shop_ads_commission_rate"`
	Shop            string                `json:"shop_name"`
	Target          string                `json:"target_collaboration_id,omitempty"`
	Trace           orderTrace            `json:"trace"`
}

// orderTrace is the link that led to an order.
type orderTrace struct {
	Type string `json:"type"`
}

// newCreatorOrder shows an order to its creator: the amounts are those that the
// seller sees. A cancelled order, or one that was refunded as a whole, is
// REFUNDED, one that is over SETTLED.
func newCreatorOrder(sale *creatorSale, waiting string) creatorOrder {
	o, s := sale.order, sale.leads.shop
	over := o.Status == trade.OrderCancelled || o.Status == trade.OrderCompleted
	v := creatorOrder{
		CreateTime: o.CreateTime, DeliveryTime: o.DeliveryTime, ID: o.ID, Status: waiting, key: gate.Cursor{At: o.CreateTime, ID: o.Number},
		times: map[string]int64{"CREATE_TIME": o.CreateTime, "PAY_TIME": o.PaidTime, "DELIVERY_TIME": o.DeliveryTime},
	}
	kept := int64(0)
	for i := range sale.skus {
		sku := &sale.skus[i]
		seen := newAffiliateSKU(sale.leads, o, sku, sale.back, over)
		v.SKUs = append(v.SKUs, creatorSKU{
			ActualBonus: seen.ActualBonus, Actual: seen.ActualCommission, ActualBase: seen.ActualBase, ActualReward: seen.ActualBonus, ActualAds: seen.ActualAds,
			Rate: sku.Rate, ContentID: seen.ContentID, ContentType: seen.ContentType, DeliveryTime: o.DeliveryTime,
			EstimatedBonus: seen.EstimatedBonus, Estimated: seen.EstimatedCommission, EstimatedBase: seen.EstimatedBase,
			EstimatedReward: seen.EstimatedBonus, EstimatedAds: seen.EstimatedAds, ID: sku.Lines[0].SKUID, Open: seen.Open, Price: seen.Price,
			Product: seen.Product, ProductName: product.Of(s).ByID[seen.Product].Live.Title, Quantity: seen.Quantity, Refunded: seen.Refunded,
			Returned: seen.Returned, AdsRate: sku.Ads, Shop: s.Name, Target: seen.Target, Trace: orderTrace{"GENERAL"},
		})
		if over {
			kept += s.Market.Cents(seen.ActualBase.Amount)
		}
		for _, line := range sku.Lines {
			v.lines = append(v.lines, creatorLine{line.ID, line.ProductID})
		}
	}
	switch {
	case over && kept == 0:
		v.Status = "REFUNDED"
	case over:
		v.Status, v.times["SETTLE_TIME"] = "SETTLED", o.UpdateTime
	}
	return v
}

// creatorOrders picks a page out of what the creator sold, the newest first.
func creatorOrders[T any](c *gate.Call, waiting string, match func(*creatorOrder) bool, show func(creatorOrder) T) *gate.Failure {
	cr := acting(c)
	l, f := c.TimedList("", "", cr.OpenID)
	if f != nil {
		return f
	}
	l.Descending = true
	all := salesOf(c, cr, func(sale *creatorSale) creatorOrder { return newCreatorOrder(sale, waiting) })
	slices.SortFunc(all, func(a, b creatorOrder) int { return a.key.Compare(b.key) })
	page, next, total := gate.TimedPage(l, all, func(o creatorOrder) gate.Cursor { return o.key }, func(o creatorOrder) bool { return match(&o) })
	orders := []T{}
	for _, o := range page {
		orders = append(orders, show(o))
	}
	c.JSONAs(struct {
		gate.PageEnd
		Orders []T `json:"orders"`
	}{gate.PageEnd{NextPageToken: next, TotalCount: total}, orders})
	return nil
}

// searchCreatorOrders202405 tells no more than the ids.
func searchCreatorOrders202405(c *gate.Call) *gate.Failure {
	type order202405 struct {
		ID    any           `json:"id"`
		Lines []creatorLine `json:"line_items"`
	}
	return creatorOrders(c, "", func(*creatorOrder) bool { return true }, func(o creatorOrder) order202405 { return order202405{o.ID, o.lines} })
}

func searchCreatorOrders(c *gate.Call) *gate.Failure {
	var in affiliateFilter
	if f := c.Decode(&in); f != nil {
		return f
	}
	return creatorOrders(c, "To-SETTLE", func(o *creatorOrder) bool {
		return o.CreateTime >= in.From && (in.To == 0 || o.CreateTime < in.To)
	}, func(o creatorOrder) creatorOrder { return o })
}

// searchTracedOrders lists what came through links with a trace. Nobody clicks on
// links here, so that each order counts as come through a general one without an
// event of its own.
func searchTracedOrders(c *gate.Call) *gate.Failure {
	var in struct {
		From int64  `json:"time_ge"` // milliseconds
		To   int64  `json:"time_lt"`
		Type string `json:"time_type"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	if in.Type == "" {
		in.Type = "CREATE_TIME"
	}
	return creatorOrders(c, "ORDERED", func(o *creatorOrder) bool {
		at := 1000 * o.times[in.Type]
		return at > 0 && at >= in.From && at < in.To
	}, func(o creatorOrder) creatorOrder {
		number, err := strconv.ParseInt(o.ID.(string), 10, 64)
		if err != nil {
			panic("sandbox: " + err.Error()) // ids are numbers
		}
		o.ID = number
		return o
	})
}
