package gate

import (
	"testing"

	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// An operation runs under the lock that it is bound with, and gives it back.
func TestLocks(t *testing.T) {
	t.Parallel()
	type free struct{ read, write bool }
	for name, c := range map[string]struct {
		bind func(r *Registry, operation string, h Handler)
		want free // what others may do meanwhile
	}{
		"read":   {(*Registry).Read, free{read: true}},
		"write":  {(*Registry).Write, free{}},
		"handle": {(*Registry).Handle, free{read: true, write: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			look := func(s *world.Shop) (f free) {
				if f.read = s.Mu.TryRLock(); f.read {
					s.Mu.RUnlock()
				}
				if f.write = s.Mu.TryLock(); f.write {
					s.Mu.Unlock()
				}
				return f
			}
			shop := new(world.Shop)
			r := NewRegistry(nil)
			var got free
			c.bind(r, "order.GetOrderList", func(call *Call) *Failure {
				got = look(call.Shop)
				return nil
			})
			r.route("order.GetOrderList").answer(&Call{Caller: Caller{Shop: shop}})
			if got != c.want {
				t.Errorf("meanwhile others may %+v, want %+v", got, c.want)
			}
			if after := look(shop); after != (free{true, true}) {
				t.Errorf("afterwards others may %+v", after)
			}
		})
	}
}
