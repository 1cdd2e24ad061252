package sandbox

import (
	"encoding/json"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// brand is a brand that products can carry.
type brand struct {
	id         string
	number     int64 // the id
	name       string
	authorized bool
	guarded    bool // T1: products need the owner's authorization
}

// brands are shared by the shops of the seller.
type brands struct {
	mu   sync.RWMutex
	ids  ids
	list []*brand // in ascending order of their ids
	byID map[string]*brand
}

// newBrands invents the brands that everybody may sell and others.
func newBrands(seed uint64) *brands {
	rng := newRandom(seed, streamBrands)
	b := &brands{ids: ids{idBrands + rng.Uint64N(idStride), rng}, byID: map[string]*brand{}}
	for _, n := range brandNames() {
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
func (b *brands) add(name string, authorized, guarded bool) *brand {
	id := b.ids.new()
	created := &brand{id: id, number: number(id), name: name, authorized: authorized, guarded: guarded}
	b.list = append(b.list, created)
	b.byID[id] = created
	return created
}

// get returns a brand by its id, or nil.
func (b *brands) get(id string) *brand {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.byID[id]
}

// named returns a brand by its name, or nil. The caller holds the lock.
func (b *brands) named(name string) *brand {
	for _, brand := range b.list {
		if strings.EqualFold(brand.name, name) {
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

func createBrand(c *call) *failure {
	var input struct {
		Name string `json:"name"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	name := strings.TrimSpace(input.Name)
	if name == "" {
		return missing("name")
	}
	if f := checkBrandName(name); f != nil {
		return f
	}
	brands := brandsOf(c.state.world)
	brands.mu.Lock()
	defer brands.mu.Unlock()
	if brands.named(name) != nil {
		return fail(codeBrandExists, "a brand of this name exists already")
	}
	c.json(struct {
		ID string `json:"id"`
	}{brands.add(name, false, false).id})
	return nil
}

func checkBrandName(name string) *failure {
	switch length := utf8.RuneCountInString(name); {
	case length < minBrandName:
		return fail(codeBrandShort, "'name' has fewer than 2 characters")
	case length > maxBrandName:
		return fail(codeBrandLong, "'name' has more than 30 characters")
	case !plainText(name):
		return fail(codeBrandLetters, "'name' holds emoji or decorative letters")
	}
	digits := 0
	for _, r := range name {
		if unicode.Is(unicode.Han, r) {
			return fail(codeBrandName, "'name' must not hold Chinese characters")
		}
		if r < '0' || r > '9' {
			digits = 0
			continue
		}
		if digits++; digits >= 5 {
			return fail(codeBrandDigits, "'name' holds five or more digits in a row")
		}
	}
	return nil
}

func getBrands(c *call) *failure {
	page, f := c.page(codePageSize)
	if f != nil {
		return f
	}
	scope := "brands " + c.shop.ID
	after, f := page.cursor(c.state.world.seed, scope)
	if f != nil {
		return f
	}
	authorizedOnly, f := c.flag("is_authorized")
	if f != nil {
		return f
	}
	if f := categoryVersion(c); f != nil {
		return f
	}
	categoryID, _ := lookup(c.query, "category_id")
	if categoryID != "" && catalogOf(c.state.world).byID[categoryID] == nil {
		return fail(codeCategoryUnknown, "no category has the id ", categoryID)
	}
	prefix, _ := lookup(c.query, "brand_name")
	prefix = strings.ToLower(prefix)
	brands := brandsOf(c.state.world)
	brands.mu.RLock()
	defer brands.mu.RUnlock()
	found, next, total := paginate(brands.list, false, after, page.size,
		func(b *brand) cursor { return cursor{0, b.number} },
		func(b *brand) bool {
			return (b.authorized || !authorizedOnly) && strings.HasPrefix(strings.ToLower(b.name), prefix)
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
		answer.NextPageToken = next.encode(c.state.world.seed, scope)
	}
	for _, b := range found {
		shown := view{ID: b.id, Name: b.name, AuthorizedStatus: "UNAUTHORIEZD", IsT1Brand: b.guarded} // spelt so by the platform
		if b.authorized {
			shown.AuthorizedStatus = "AUTHORIZED"
			if categoryID != "" {
				shown.BrandStatus = "AVAILABLE"
			}
		}
		answer.Brands = append(answer.Brands, shown)
	}
	c.json(answer)
	return nil
}

// brandsOf returns the brands of a world.
func brandsOf(w *world) *brands { return roomIn[brands](w.rooms) }

// brandsPart holds the brands that all shops know.
func brandsPart(w *world) part {
	type savedBrand struct {
		ID         string `json:"id"`
		Name       string `json:"name"`
		Authorized bool   `json:"authorized"`
		Guarded    bool   `json:"guarded"`
	}
	type saved struct {
		IDs  ids          `json:"ids"`
		List []savedBrand `json:"list"`
	}
	return part{"brands",
		func() any {
			s := saved{IDs: brandsOf(w).ids, List: []savedBrand{}}
			for _, b := range brandsOf(w).list {
				s.List = append(s.List, savedBrand{b.id, b.name, b.authorized, b.guarded})
			}
			return s
		},
		func(raw json.RawMessage) error {
			var s saved
			if err := unmarshal(raw, &s); err != nil {
				return err
			}
			brandsOf(w).ids, brandsOf(w).list, brandsOf(w).byID = s.IDs, nil, map[string]*brand{}
			for _, b := range s.List {
				n, err := parseID(b.ID)
				if err != nil {
					return err
				}
				kept := &brand{id: b.ID, number: n, name: b.Name, authorized: b.Authorized, guarded: b.Guarded}
				brandsOf(w).list = append(brandsOf(w).list, kept)
				brandsOf(w).byID[b.ID] = kept
			}
			return nil
		}}
}
