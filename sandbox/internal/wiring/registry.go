// Package wiring puts the rooms together: the registry to which they introduce
// themselves, and the world that they seed.
package wiring

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliatechat"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliatepartner"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/analytics"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/compliance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/customerservice"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/fbt"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/finance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/fulfillment"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/globalproduct"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/logistics"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/order"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/returnrefund"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/stock"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/login"
	"github.com/ttshop-go/ttshop/sandbox/internal/notify"
	"github.com/ttshop-go/ttshop/sandbox/internal/shape"
)

// NewRegistry lets everything register that has operations, control endpoints or
// state. Control endpoints stand in the overview in this order. Operations that
// nobody binds are answered from the shape of their result.
func NewRegistry() *gate.Registry {
	r := gate.NewRegistry(shape.Answer)
	for _, register := range []func(*gate.Registry){
		gate.RegisterControl,
		login.Register,
		order.Register,
		customerservice.Register,
		notify.Register,
		finance.Register,
		promotion.Register,
		affiliate.Register,
		affiliatechat.Register,
		affiliatepartner.Register,
		analytics.Register,
		logistics.Register,
		trade.Register,
		fulfillment.Register,
		returnrefund.Register,
		category.Register,
		media.Register,
		product.Register,
		stock.Register,
		compliance.Register,
		globalproduct.Register,
		fbt.Register,
		shape.Register,
	} {
		register(r)
	}
	return r
}
