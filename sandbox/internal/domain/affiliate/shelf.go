package affiliate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// shelf is what a creator arranged: the products that come first in the showcase,
// those of the own shop in it, and what the LIVE shows. What is in the showcase
// else follows from the collaborations.
type shelf struct {
	Top    []string `json:"top"`
	Own    []string `json:"own"` // of the bound shop, which pays no commission
	Live   []string `json:"live"`
	Pinned string   `json:"pinned"` // in the LIVE; "" for none
}

// shelves are those of all creators, by open id.
type shelves struct {
	mu sync.Mutex // taken last
	of map[string]*shelf
}

// NewShelves returns the empty shelves of a new world.
func NewShelves() *shelves { return &shelves{of: map[string]*shelf{}} }

func shelvesPart(w *world.World) keep.Part {
	all := world.RoomIn[shelves](w.Rooms)
	p := keep.Plain("creator_shelves", &all.of)
	p.Later = true
	return p
}

// checkShelves checks the shelves that were read from a snapshot.
func checkShelves(w *world.World) error {
	return keep.CheckKeyed("creator_shelves", world.RoomIn[shelves](w.Rooms).of, func(id string, in *shelf) error {
		switch {
		case in == nil:
			return keep.ErrMissing
		case creatorByOpenID(w, id) == nil:
			return fmt.Errorf("no creator has the open id %.40q", id)
		case in.Pinned != "" && !slices.Contains(in.Live, in.Pinned):
			return keep.Placed("pinned", fmt.Errorf("%.40q is not in the LIVE", in.Pinned))
		}
		for name, list := range map[string][]string{"top": in.Top, "own": in.Own, "live": in.Live} {
			if err := keep.CheckEach(name, list, func(id *string) error { return keep.CheckID("id", *id) }); err != nil {
				return err
			}
		}
		return nil
	})
}

func creatorByOpenID(w *world.World, openID string) *creator {
	for _, market := range slices.Sorted(maps.Keys(creatorsOf(w))) {
		if cr := findCreator(w, market, openID, byOpenID); cr != nil {
			return cr
		}
	}
	return nil
}

// arrange changes the shelf of a creator, or looks at it. No shop is locked
// meanwhile.
func arrange(w *world.World, cr *creator, change func(*shelf)) {
	all := world.RoomIn[shelves](w.Rooms)
	all.mu.Lock()
	defer all.mu.Unlock()
	in := all.of[cr.OpenID]
	if in == nil {
		in = &shelf{Top: []string{}, Own: []string{}, Live: []string{}}
		all.of[cr.OpenID] = in
	}
	change(in)
}

// shelfOf returns a copy of a creator's shelf.
func shelfOf(w *world.World, cr *creator) shelf {
	all := world.RoomIn[shelves](w.Rooms)
	all.mu.Lock()
	defer all.mu.Unlock()
	if in := all.of[cr.OpenID]; in != nil {
		return shelf{slices.Clone(in.Top), slices.Clone(in.Own), slices.Clone(in.Live), in.Pinned}
	}
	return shelf{}
}

// first puts ids at the head of a list, in their order.
func first(list, ids []string) []string {
	rest := slices.DeleteFunc(slices.Clone(list), func(id string) bool { return slices.Contains(ids, id) })
	return append(slices.Clone(ids), rest...)
}

// without takes ids out of a list.
func without(list, ids []string) []string { return first(list, ids)[len(ids):] }

// boundShop is the shop to which a creator is bound: the one of their market that
// belongs to the seller whose account it is, or nil.
func boundShop(w *world.World, cr *creator) *world.Shop {
	if cr.OpenID != w.Seller.CreatorOpenID {
		return nil
	}
	i := slices.IndexFunc(w.Shops, func(s *world.Shop) bool { return s.Owner == w.Seller.OpenID && s.Region == cr.region.Code })
	if i < 0 {
		return nil
	}
	return w.Shops[i]
}

// shown is a product in a showcase, and by what right it is there.
type shown struct {
	product *product.Product
	shop    *world.Shop
	endorsement
	rate ratePeriod
}

// showcase lists what a creator promotes now: what was put first, then the newest.
// What is taken of a product is taken while its shop is locked.
func showcase[T any](c *gate.Call, cr *creator, take func(*shown) T) []T {
	type placed struct {
		taken        T
		place, since int64
		id           string
	}
	in := shelfOf(c.State.World, cr)
	var list []placed
	add := func(s *shown) {
		at := slices.Index(in.Top, s.product.ID)
		if at < 0 {
			at = len(in.Top)
		}
		list = append(list, placed{take(s), int64(at), s.Since, s.product.ID})
	}
	now := c.Now.Unix()
	inMarketOf(c, cr, func(s *world.Shop) {
		all := Endorsements(s)
		for _, p := range product.Of(s).List {
			if p.Status == product.ProductDeleted {
				continue
			}
			i := slices.IndexFunc(all[p.ID], func(e endorsement) bool { return e.Creator == cr && e.at(now) })
			switch {
			case i >= 0:
				add(&shown{p, s, all[p.ID][i], all[p.ID][i].rate(now)})
			case slices.Contains(in.Own, p.ID):
				add(&shown{product: p, shop: s})
			}
		}
	})
	slices.SortFunc(list, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(b.since, a.since), strings.Compare(b.id, a.id))
	})
	out := make([]T, len(list))
	for i := range list {
		out[i] = list[i].taken
	}
	return out
}
