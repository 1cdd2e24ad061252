package apitest

import (
	"reflect"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/affiliate"
	"github.com/ttshop-go/ttshop/api/affiliatecreator"
	"github.com/ttshop-go/ttshop/api/affiliatepartner"
	"github.com/ttshop-go/ttshop/api/affiliateseller"
	"github.com/ttshop-go/ttshop/api/analytics"
	"github.com/ttshop-go/ttshop/api/authorization"
	"github.com/ttshop-go/ttshop/api/customerengagement"
	"github.com/ttshop-go/ttshop/api/customerservice"
	"github.com/ttshop-go/ttshop/api/datareconciliation"
	"github.com/ttshop-go/ttshop/api/epharmacy"
	"github.com/ttshop-go/ttshop/api/event"
	"github.com/ttshop-go/ttshop/api/fbt"
	"github.com/ttshop-go/ttshop/api/finance"
	"github.com/ttshop-go/ttshop/api/fulfillment"
	"github.com/ttshop-go/ttshop/api/gsfullservicecommodity"
	"github.com/ttshop-go/ttshop/api/gsfullserviceinventory"
	"github.com/ttshop-go/ttshop/api/gsfullserviceshipment"
	"github.com/ttshop-go/ttshop/api/logistics"
	"github.com/ttshop-go/ttshop/api/open"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/api/product"
	"github.com/ttshop-go/ttshop/api/promotion"
	"github.com/ttshop-go/ttshop/api/returnrefund"
	"github.com/ttshop-go/ttshop/api/reviewrating"
	"github.com/ttshop-go/ttshop/api/seller"
	"github.com/ttshop-go/ttshop/api/supplychain"
)

// service makes the service of a domain. It returns a reflect.Value, so that the
// tests can call the methods that the catalogue names.
func service(domain string, client *ttshop.Client) reflect.Value {
	var s any
	switch domain {
	case "affiliate":
		s = affiliate.New(client)
	case "affiliate_creator":
		s = affiliatecreator.New(client)
	case "affiliate_partner":
		s = affiliatepartner.New(client)
	case "affiliate_seller":
		s = affiliateseller.New(client)
	case "analytics":
		s = analytics.New(client)
	case "authorization":
		s = authorization.New(client)
	case "customer_engagement":
		s = customerengagement.New(client)
	case "customer_service":
		s = customerservice.New(client)
	case "data_reconciliation":
		s = datareconciliation.New(client)
	case "epharmacy":
		s = epharmacy.New(client)
	case "event":
		s = event.New(client)
	case "fbt":
		s = fbt.New(client)
	case "finance":
		s = finance.New(client)
	case "fulfillment":
		s = fulfillment.New(client)
	case "gs_full_service_commodity":
		s = gsfullservicecommodity.New(client)
	case "gs_full_service_inventory":
		s = gsfullserviceinventory.New(client)
	case "gs_full_service_shipment":
		s = gsfullserviceshipment.New(client)
	case "logistics":
		s = logistics.New(client)
	case "open":
		s = open.New(client)
	case "order":
		s = order.New(client)
	case "product":
		s = product.New(client)
	case "promotion":
		s = promotion.New(client)
	case "return_refund":
		s = returnrefund.New(client)
	case "review_rating":
		s = reviewrating.New(client)
	case "seller":
		s = seller.New(client)
	case "supply_chain":
		s = supplychain.New(client)
	}
	return reflect.ValueOf(s)
}
