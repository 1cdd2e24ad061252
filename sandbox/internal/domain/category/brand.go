package category

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Brand is a brand that products can carry.
type Brand struct {
	ID         string `json:"id"`
	number     int64  // the id
	Name       string `json:"name"`
	Authorized bool   `json:"authorized"`
	Guarded    bool   `json:"guarded"` // T1: products need the owner's authorization
}

// brands are shared by the shops of the seller.
type brands struct {
	Mu   sync.RWMutex
	ids  invent.IDs
	List []*Brand // in ascending order of their ids
	byID map[string]*Brand
}

// NewBrands invents the brands that everybody may sell and others.
func NewBrands(seed uint64) *brands {
	rng := invent.NewRandom(seed, invent.StreamBrands)
	b := &brands{ids: invent.IDs{Next: world.IDBrands + rng.Uint64N(world.IDStride), Random: rng}, byID: map[string]*Brand{}}
	for _, n := range BrandNames() {
		b.add(n, true, false)
	}
	guarded, open := otherBrandNames()
	for _, n := range guarded {
		b.add(n, false, true)
	}
	for i, n := range open {
		b.add(n, i%5 == 0, false)
	}
	return b
}

// add creates a brand. The caller holds the lock, or is alone.
func (b *brands) add(name string, authorized, guarded bool) *Brand {
	id := b.ids.New()
	created := &Brand{ID: id, number: invent.Number(id), Name: name, Authorized: authorized, Guarded: guarded}
	b.List = append(b.List, created)
	b.byID[id] = created
	return created
}

// Get returns a brand by its id, or nil.
func (b *brands) Get(id string) *Brand {
	b.Mu.RLock()
	defer b.Mu.RUnlock()
	return b.byID[id]
}

// named returns a brand by its name, or nil. The caller holds the lock.
func (b *brands) named(name string) *Brand {
	for _, brand := range b.List {
		if strings.EqualFold(brand.Name, name) {
			return brand
		}
	}
	return nil
}

// Lengths of a brand name, in characters.
const (
	minBrandName = 2
	maxBrandName = 30
)

func createBrand(c *gate.Call) *gate.Failure {
	var input struct {
		Name string `json:"name"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	name := strings.TrimSpace(input.Name)
	if name == "" {
		return gate.Missing("name")
	}
	if f := checkBrandName(name); f != nil {
		return f
	}
	brands := BrandsOf(c.State.World)
	brands.Mu.Lock()
	defer brands.Mu.Unlock()
	if brands.named(name) != nil {
		return gate.Fail(codeBrandExists, "a brand of this name exists already")
	}
	c.JSON(struct {
		ID string `json:"id"`
	}{brands.add(name, false, false).ID})
	return nil
}

func checkBrandName(name string) *gate.Failure {
	switch length := utf8.RuneCountInString(name); {
	case length < minBrandName:
		return gate.Fail(codeBrandShort, "'name' has fewer than 2 characters")
	case length > maxBrandName:
		return gate.Fail(codeBrandLong, "'name' has more than 30 characters")
	case !PlainText(name):
		return gate.Fail(codeBrandLetters, "'name' holds emoji or decorative letters")
	}
	digits := 0
	for _, r := range name {
		if unicode.Is(unicode.Han, r) {
			return gate.Fail(codeBrandName, "'name' must not hold Chinese characters")
		}
		if r < '0' || r > '9' {
			digits = 0
			continue
		}
		if digits++; digits >= 5 {
			return gate.Fail(codeBrandDigits, "'name' holds five or more digits in a row")
		}
	}
	return nil
}

func getBrands(c *gate.Call) *gate.Failure {
	page, f := c.Page(CodePageSize)
	if f != nil {
		return f
	}
	scope := "brands " + c.Shop.ID
	after, f := page.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	authorizedOnly, f := c.Flag("is_authorized")
	if f != nil {
		return f
	}
	if f := Version(c); f != nil {
		return f
	}
	categoryID, _ := wire.Lookup(c.Query, "category_id")
	if categoryID != "" && CatalogOf(c.State.World).ByID[categoryID] == nil {
		return gate.Fail(codeCategoryUnknown, "no category has the id ", categoryID)
	}
	prefix, _ := wire.Lookup(c.Query, "brand_name")
	prefix = strings.ToLower(prefix)
	brands := BrandsOf(c.State.World)
	brands.Mu.RLock()
	defer brands.Mu.RUnlock()
	found, next, total := gate.Paginate(c, brands.List, false, after, page.Size,
		func(b *Brand) gate.Cursor { return gate.Cursor{At: 0, ID: b.number} },
		func(b *Brand) bool {
			return (b.Authorized || !authorizedOnly) && strings.HasPrefix(strings.ToLower(b.Name), prefix)
		})
	type view struct {
		ID               string `json:"id"`
		Name             string `json:"name"`
		AuthorizedStatus string `json:"authorized_status"`
		IsT1Brand        bool   `json:"is_t1_brand"`
		BrandStatus      string `json:"brand_status,omitempty"`
	}
	answer := struct {
		Brands        []view `json:"brands"`
		NextPageToken string `json:"next_page_token"`
		TotalCount    int    `json:"total_count"`
	}{Brands: []view{}, TotalCount: total}
	if next != nil {
		answer.NextPageToken = next.Encode(c.State.World.Seed, scope)
	}
	for _, b := range found {
		shown := view{ID: b.ID, Name: b.Name, AuthorizedStatus: "UNAUTHORIEZD", IsT1Brand: b.Guarded} // spelt so by the platform
		if b.Authorized {
			shown.AuthorizedStatus = "AUTHORIZED"
			if categoryID != "" {
				shown.BrandStatus = "AVAILABLE"
			}
		}
		answer.Brands = append(answer.Brands, shown)
	}
	c.JSON(answer)
	return nil
}

// BrandsOf returns the brands of a world.
func BrandsOf(w *world.World) *brands { return world.RoomIn[brands](w.Rooms) }

// brandsPart holds the brands that all shops know.
func brandsPart(w *world.World) keep.Part {
	type saved struct {
		IDs  invent.IDs `json:"ids"`
		List []*Brand   `json:"list"`
	}
	return keep.Part{Name: "brands",
		Save: func() any { return saved{BrandsOf(w).ids, append([]*Brand{}, BrandsOf(w).List...)} },
		Load: func(raw json.RawMessage) error {
			var s saved
			if err := keep.Decode(raw, &s); err != nil {
				return err
			}
			BrandsOf(w).ids, BrandsOf(w).List, BrandsOf(w).byID = s.IDs, s.List, map[string]*Brand{}
			for i, b := range s.List {
				n, err := invent.ParseID(b.ID)
				if err != nil {
					return keep.Placed(fmt.Sprintf("list[%d].id", i), err)
				}
				b.number = n
				BrandsOf(w).byID[b.ID] = b
			}
			return nil
		}}
}
