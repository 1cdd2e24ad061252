// Package fbt has what the platform keeps for a seller in its own warehouses:
// goods, their stock and its records, inbound orders, and the orders of other
// channels that are sent from there.
package fbt

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The kinds of deadlines: the next step of an inbound order, and of an order of
// another channel.
const (
	deadlineInbound  = "fbt_inbound"
	deadlineOutbound = "fbt_outbound"
)

const (
	onboardHelp = `POST   /_sandbox/fbt/onboard         {"shop_id":…}: the seller takes part in Fulfilled by TikTok in the shop's market
`
	goodsHelp = `POST   /_sandbox/fbt/goods           {"shop_id":…,"name":…,"reference_code":…}: a good without a SKU
`
	matchHelp = `POST   /_sandbox/fbt/goods/{id}/match {"sku_id":…}: matches a good with a SKU; "detach":true undoes it
`
	inboundHelp = `POST   /_sandbox/fbt/inbound_orders  {"shop_id":…,"goods":[{"id":…,"quantity":10}]}: stock is announced, as in Seller Center
`
	inboundMoveHelp = `POST   /_sandbox/fbt/inbound_orders/{id} {"to":"RECEIVING"}: moves it; "received":[{"id":…,"normal":9,"defective":1}] books a part
`
)

// Register binds the operations of Fulfilled by TikTok.
func Register(r *gate.Registry) {
	r.ShopPart(func(s *world.Shop) keep.Part {
		part := keep.Plain("fbt", Of(s))
		part.Later = true
		return part
	})
	r.ShopCheck(checkShop)
	r.Deadline(deadlineInbound, inboundDue)
	r.Deadline(deadlineOutbound, outboundDue)
	r.Sample(sample)
	r.Steer(
		gate.ControlEndpoint{Pattern: "POST /_sandbox/fbt/onboard", Help: onboardHelp, Handle: postOnboard},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/fbt/goods", Help: goodsHelp, Handle: postGoods},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/fbt/goods/{id}/match", Help: matchHelp, Handle: postMatch},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/fbt/inbound_orders", Help: inboundHelp, Handle: postInbound},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/fbt/inbound_orders/{id}", Help: inboundMoveHelp, Handle: postInboundMove},
	)

	r.Read("fbt.SearchGoodsInfo", searchGoods)
	r.Read("fbt.SearchFBTInventory", searchInventory)

	// The seller's other shops have their part in the answer, or the request may
	// leave the shop out.
	r.Handle("fbt.GetFBTMerchantOnboardedRegions", getRegions)
	r.Handle("fbt.GetFBTWarehouseList", getWarehouses)
	r.Handle("fbt.GetInboundOrder", getInbound)
	r.Handle("fbt.SearchFBTInventoryRecord", searchRecords)
	r.Handle("fbt.GetFBTMerchantMCFStatus", getMCFStatus)
	r.Handle("fbt.QueryGoodsInventoryForMCF", searchMCFInventory)
	r.Handle("fbt.CreateFBTMCFOrder", createOutbound)
	r.Handle("fbt.GetFBTMCFOrderStatus", getOutbound)
	r.Handle("fbt.CancelFBTMCFOrder", cancelOutbound)
}
