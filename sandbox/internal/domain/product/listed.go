package product

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// The states of a combined listing.
const (
	listingLive    = "LIVE"
	listingSystem  = "SYSTEM_DEACTIVATED"
	listingSeller  = "SELLER_DEACTIVATED"
	listingDeleted = "DELETED"
)

// combinedListing shows products of a shop as the choices of one.
type combinedListing struct {
	ID       string   `json:"id"`
	Status   string   `json:"status"`
	Products []string `json:"products"` // ids, as they were given
}

// combinedListingChange is the data of type 42.
type combinedListingChange struct {
	ID       string          `json:"combined_listing_id"`
	Products []listedProduct `json:"products"`
	Status   string          `json:"status"`
	Change   string          `json:"change_type"`
	Added    []string        `json:"added_product_ids"`
	Removed  []string        `json:"removed_product_ids"`
}

type listedProduct struct {
	ID string `json:"id"`
}

// listed shows the products of a combined listing.
func (l *combinedListing) listed() []listedProduct {
	list := []listedProduct{}
	for _, id := range l.Products {
		list = append(list, listedProduct{id})
	}
	return list
}

// listingOf returns the combined listing that a product is in, nil for none.
func (all *products) listingOf(product string) *combinedListing {
	for _, l := range all.listings {
		if l.Status != listingDeleted && slices.Contains(l.Products, product) {
			return l
		}
	}
	return nil
}

// checkMembers refuses products that cannot share a combined listing.
func checkMembers(s *world.Shop, l *combinedListing, members []string) error {
	if len(members) < 2 {
		return errors.New("a combined listing has at least two products")
	}
	for i, id := range members {
		p := Of(s).ByID[id]
		switch {
		case p == nil:
			return fmt.Errorf("the shop has no product %q", id)
		case slices.Contains(members[:i], id):
			return fmt.Errorf("product %s occurs twice", id)
		case p.Status != ProductActivate:
			return fmt.Errorf("product %s is %s: only live products are combined", id, p.Status)
		}
		if other := Of(s).listingOf(id); other != nil && other != l {
			return fmt.Errorf("product %s is in the combined listing %s already", id, other.ID)
		}
	}
	return nil
}

// listTogether makes a combined listing and tells of it.
func listTogether(s *world.Shop, members []string) *combinedListing {
	l := &combinedListing{ID: s.IDs.New(), Status: listingLive, Products: members}
	Of(s).listings = append(Of(s).listings, l)
	s.World.Owners.Add(s, l.ID)
	l.announce(s, "CREATE", members, nil)
	return l
}

// regroup replaces the products of a combined listing and tells of the change.
func (l *combinedListing) regroup(s *world.Shop, members []string) {
	added := slices.DeleteFunc(slices.Clone(members), func(id string) bool { return slices.Contains(l.Products, id) })
	removed := slices.DeleteFunc(slices.Clone(l.Products), func(id string) bool { return slices.Contains(members, id) })
	l.Products = members
	if len(added)+len(removed) > 0 {
		l.announce(s, "UPDATE", added, removed)
	}
}

// unlist takes a product that is deleted out of its combined listing. One product
// alone is nothing to choose from.
func unlist(s *world.Shop, product string) {
	l := Of(s).listingOf(product)
	if l == nil {
		return
	}
	left := slices.DeleteFunc(slices.Clone(l.Products), func(id string) bool { return id == product })
	if len(left) < 2 {
		l.Status = listingSystem
	}
	l.regroup(s, left)
}

func (l *combinedListing) announce(s *world.Shop, change string, added, removed []string) {
	s.Emit(int(event.TypeCombinedListingChange), combinedListingChange{
		l.ID, l.listed(), l.Status, change, append([]string{}, added...), append([]string{}, removed...),
	})
}

// productFamily is the combined listing of a product in answers.
type productFamily struct {
	ID       string          `json:"id"`
	Products []listedProduct `json:"products"`
}

// families shows the live combined listing that a product is in. The page has it
// for local sellers in the US only.
func families(s *world.Shop, product string) []productFamily {
	l := Of(s).listingOf(product)
	if l == nil || l.Status != listingLive || s.Region != "US" || s.SellerType != "LOCAL" {
		return nil
	}
	return []productFamily{{l.ID, l.listed()}}
}

// searchRecommendations proposes combined listings: live products of one category
// that are in none yet. Which products the platform finds similar, and what it calls
// the choice between them, is not published.
func searchRecommendations(c *gate.Call) *gate.Failure {
	var input struct {
		ProductIDs []string `json:"product_ids"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	list, f := c.TimedList("", "", input.ProductIDs...)
	if f != nil {
		return f
	}
	type option struct {
		ID    string `json:"id"`
		Value string `json:"option_value"`
	}
	type group struct {
		Option   string   `json:"option_name"`
		Products []option `json:"products"`
		first    int64
	}
	groups := []*group{}
	for _, s := range c.Grant.Shops {
		s.Mu.RLock()
		byCategory := map[string]*group{}
		for _, p := range Of(s).List {
			if p.Status != ProductActivate || len(p.Live.types()) > 0 || Of(s).listingOf(p.ID) != nil {
				continue
			}
			g := byCategory[p.Live.CategoryID]
			if g == nil {
				g = &group{Option: "Style", first: p.Number}
				byCategory[p.Live.CategoryID] = g
				groups = append(groups, g)
			}
			g.Products = append(g.Products, option{p.ID, p.Live.Title})
		}
		s.Mu.RUnlock()
	}
	groups = slices.DeleteFunc(groups, func(g *group) bool { return len(g.Products) < 2 })
	slices.SortFunc(groups, func(a, b *group) int { return cmp.Compare(a.first, b.first) })
	found, next, total := gate.TimedPage(list, groups, func(g *group) gate.Cursor { return gate.Cursor{ID: g.first} }, func(g *group) bool {
		return len(input.ProductIDs) == 0 || slices.ContainsFunc(g.Products, func(o option) bool { return slices.Contains(input.ProductIDs, o.ID) })
	})
	c.JSON(struct {
		Groups []*group `json:"combined_listing_recommendations"`
		Next   string   `json:"next_page_token"`
		Total  int      `json:"total_count"`
	}{append([]*group{}, found...), next, total})
	return nil
}

// checkListings checks the combined listings of a snapshot.
func checkListings(s *world.Shop) error {
	return keep.First(
		keep.CheckEach("combined_listings", Of(s).listings, func(l **combinedListing) error {
			if *l == nil {
				return keep.ErrMissing
			}
			return keep.First(
				keep.CheckOneOf("status", (*l).Status, listingLive, listingSystem, listingSeller, listingDeleted),
				keep.CheckEach("products", (*l).Products, func(id *string) error { return CheckProduct(s, "id", *id) }),
			)
		}),
		keep.CheckIDs("combined_listings", Of(s).listings, func(l **combinedListing) string { return (*l).ID }),
	)
}
