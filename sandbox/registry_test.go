package sandbox

import (
	"strings"
	"testing"
)

// What names an operation or a field that the catalogue does not know, or
// names one twice, does not start.
func TestRegistryRefusesWhatIsUnknown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		register func(r *registry)
		want     string
	}{
		"handler":         {func(r *registry) { r.handle("order.GetOrderLists", getOrders) }, "no operation order.GetOrderLists"},
		"handler twice":   {func(r *registry) { registerOrder(r); registerOrder(r) }, "is bound twice"},
		"scope":           {func(r *registry) { r.scope("order.Nothing", "seller.order.info") }, "no operation order.Nothing"},
		"cipher":          {func(r *registry) { r.needsCipher("orders.GetOrderList") }, "no operation orders.GetOrderList"},
		"body":            {func(r *registry) { r.maxBody("product.UploadFile", 1) }, "no operation product.UploadFile"},
		"limit":           {func(r *registry) { r.limit("title", limit{}, "promotion.CreateActivities") }, "no operation promotion.CreateActivities"},
		"limit twice":     {func(r *registry) { registerPromotion(r); registerPromotion(r) }, "is bound twice"},
		"field":           {func(r *registry) { r.limit("titel", limit{}, "promotion.CreateActivity") }, "has no field titel"},
		"field below":     {func(r *registry) { r.limit("skus.price", limit{}, "product.CreateProduct") }, ""},
		"field too deep":  {func(r *registry) { r.limit("skus.price.amounts", limit{}, "product.CreateProduct") }, "has no field skus.price.amounts"},
		"field of a text": {func(r *registry) { r.limit("title.length", limit{}, "product.CreateProduct") }, "has no field title.length"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				got, _ := recover().(string)
				if !strings.Contains(got, c.want) || (c.want == "") != (got == "") {
					t.Errorf("panic %q, want one that says %q", got, c.want)
				}
			}()
			r := newRegistry(answerFromShape)
			c.register(r)
			for _, route := range r.all() {
				route.spec()
			}
		})
	}
}
