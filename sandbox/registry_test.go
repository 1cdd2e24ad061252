package sandbox

import (
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/order"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/shape"
)

// What names an operation or a field that the catalogue does not know, or
// names one twice, does not start.
func TestRegistryRefusesWhatIsUnknown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		register func(r *gate.Registry)
		want     string
	}{
		"handler":         {func(r *gate.Registry) { r.Handle("order.GetOrderLists", shape.Answer) }, "no operation order.GetOrderLists"},
		"handler twice":   {func(r *gate.Registry) { order.Register(r); order.Register(r) }, "bound twice"},
		"no shop to lock": {func(r *gate.Registry) { r.Write("product.UpdateInventory", shape.Answer) }, "can come without a shop"},
		"limit":           {func(r *gate.Registry) { r.Limit("title", gate.Limit{}, "promotion.CreateActivities") }, "no operation promotion.CreateActivities"},
		"limit twice":     {func(r *gate.Registry) { promotion.Register(r); promotion.Register(r) }, "bound twice"},
		"field":           {func(r *gate.Registry) { r.Limit("titel", gate.Limit{}, "promotion.CreateActivity") }, "has no field titel"},
		"field below":     {func(r *gate.Registry) { r.Limit("skus.price", gate.Limit{}, "product.CreateProduct") }, ""},
		"field too deep":  {func(r *gate.Registry) { r.Limit("skus.price.amounts", gate.Limit{}, "product.CreateProduct") }, "has no field skus.price.amounts"},
		"field of a text": {func(r *gate.Registry) { r.Limit("title.length", gate.Limit{}, "product.CreateProduct") }, "has no field title.length"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				got, _ := recover().(string)
				if !strings.Contains(got, c.want) || (c.want == "") != (got == "") {
					t.Errorf("panic %q, want one that says %q", got, c.want)
				}
			}()
			r := gate.NewRegistry(shape.Answer)
			c.register(r)
			for _, route := range r.All() {
				route.Spec()
			}
		})
	}
}

// The address that is documented is the one that apps without one get.
func TestDefaultRedirectURL(t *testing.T) {
	t.Parallel()
	if DefaultRedirectURL != authority.DefaultRedirectURL {
		t.Errorf("%s, want %s", DefaultRedirectURL, authority.DefaultRedirectURL)
	}
}
