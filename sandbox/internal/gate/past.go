package gate

import (
	"reflect"
	"slices"
	"sync"

	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// past keeps entries as lists have shown them, for those that show changes late.
type past struct {
	mu    sync.Mutex
	of    *world.World
	shown map[pastKey]any
}

// pastKey is an entry of a list of a shop.
type pastKey struct {
	shop string
	kind reflect.Type
	id   int64
}

// reaching is an entry that can be kept as it is now.
type reaching[T any] interface {
	changing
	Past() T // shares nothing that changes
}

// begin returns what is kept of a world. The caller holds the lock.
func (p *past) begin(of *world.World) map[pastKey]any {
	if p.of != of {
		p.of, p.shown = of, map[pastKey]any{}
	}
	return p.shown
}

// Earlier returns the entries as the list shows them, in ascending order of their
// keys: one whose last change does not show yet as it was before, and not at all
// where nobody has listed it before. The caller holds the lock of the shop.
func Earlier[T any](l *Listing, entries []T, key func(T) Cursor) []T {
	l.past.mu.Lock()
	defer l.past.mu.Unlock()
	kept, list := l.past.begin(l.world), make([]T, 0, len(entries))
	for _, entry := range entries {
		id, changed := lastChange(entry, key(entry))
		at := pastKey{l.shop, reflect.TypeFor[T](), id}
		was, known := kept[at].(T)
		if !l.Shows(id, changed) {
			if known {
				list = append(list, was)
			}
			continue
		}
		if now, ok := any(entry).(reaching[T]); ok && !(known && any(was).(changing).Changed() == changed) {
			kept[at] = now.Past()
		}
		list = append(list, entry)
	}
	slices.SortFunc(list, func(a, b T) int { return key(a).Compare(key(b)) })
	return list
}
