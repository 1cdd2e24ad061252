package compliance

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// idRegisters is where the ids of size charts, manufacturers and responsible
// persons begin.
const idRegisters = 7604_000_000_000_000_000

// Registers are what sellers have registered for their products to refer to.
// The lock is taken last.
type Registers struct {
	Mu      sync.RWMutex
	Sellers map[string]*register // by open id
}

// register belongs to one seller.
type register struct {
	IDs           invent.IDs          `json:"ids"`
	SizeCharts    []sizeChartEntry    `json:"size_charts"`
	Manufacturers []manufacturer      `json:"manufacturers"` // in ascending order of their ids, like the others
	Responsible   []responsiblePerson `json:"responsible_persons"`
}

// sizeChartEntry is a size chart template. The API has no way to make one.
type sizeChartEntry struct {
	ID     string           `json:"id"`
	Name   string           `json:"name"`
	Images []sizeChartImage `json:"images"`
}

type sizeChartImage struct {
	Locale string `json:"locale"`
	URI    string `json:"uri"`
}

// NewRegisters invents the size charts of the sellers and somebody who is
// responsible for their goods.
func NewRegisters(w *world.World) map[string]*register {
	all := map[string]*register{}
	for i, owner := range []*world.Seller{&w.Seller, &w.Neighbour} {
		rng := invent.NewRandom(w.Seed, invent.StreamRegisters+uint64(i))
		r := &register{
			IDs:        invent.IDs{Next: idRegisters + uint64(i)*world.IDStride + rng.Uint64N(world.IDStride/2), Random: rng},
			SizeCharts: []sizeChartEntry{}, Manufacturers: []manufacturer{}, Responsible: []responsiblePerson{},
		}
		for _, name := range []string{"Unisex tops", "Hoodies", "Bags and pouches"} {
			chart := sizeChartEntry{ID: r.IDs.New(), Name: name}
			for _, locale := range []string{"en-US", "en-GB", "vi-VN", "pt-BR"} {
				image := media.ImagesOf(w).Add(media.MinSizeChartPixels, media.MinSizeChartPixels, "image/png", nil)
				chart.Images = append(chart.Images, sizeChartImage{locale, image.URI})
			}
			r.SizeCharts = append(r.SizeCharts, chart)
		}
		maker := manufacturerProfile{
			Name: owner.Name + " Workshop", Email: "workshop@example.com", TradeName: owner.Name,
			Phone: phoneNumber{phoneAvailable, "+49", "3055501420"}, Address: "Werkhof 4, 10115 Berlin, DE",
		}
		r.Manufacturers = append(r.Manufacturers, newEntry(r.IDs.New(), maker))
		person := responsibleProfile{
			Name: owner.Name + " Europe", Email: "europe@example.com",
			Phone:   phoneNumber{Country: "+353", Local: "15550142"},
			Address: responsibleAddress{Line1: "14 Sandbox Quay", City: "Dublin", PostalCode: "D02 X285", Country: "IE"},
		}
		r.Responsible = append(r.Responsible, newEntry(r.IDs.New(), person))
		all[owner.OpenID] = r
	}
	return all
}

// part holds the registers.
func (r *Registers) part() keep.Part {
	return keep.Part{Name: "registers",
		Save: func() any { return r.Sellers },
		Load: func(raw json.RawMessage) error {
			fresh := map[string]*register{}
			if err := keep.Decode(raw, &fresh); err != nil {
				return err
			}
			r.Sellers = fresh
			return nil
		}}
}

// Chart returns a size chart of a seller by its id, or nil.
func (r *register) Chart(id string) *sizeChartEntry {
	if r == nil {
		return nil
	}
	for i := range r.SizeCharts {
		if r.SizeCharts[i].ID == id {
			return &r.SizeCharts[i]
		}
	}
	return nil
}

// CheckPeople refuses manufacturers and responsible persons whom the seller has
// not registered.
func CheckPeople(c *gate.Call, manufacturers, responsible []string) *gate.Failure {
	all := Of(c.State.World)
	all.Mu.RLock()
	defer all.Mu.RUnlock()
	check := func(what string, list []string, twice, unknown, foreign int, has func(r *register, id string) bool) *gate.Failure {
		for i, id := range list {
			if slices.Contains(list[:i], id) {
				return gate.Fail(twice, what, " ", id, " occurs twice")
			}
			if r := all.Sellers[c.Grant.OpenID]; r != nil && has(r, id) {
				continue
			}
			for _, other := range all.Sellers {
				if has(other, id) {
					return gate.Fail(foreign, what, " ", id, " is registered for another seller")
				}
			}
			return gate.Fail(unknown, "no ", what, " has the id ", id)
		}
		return nil
	}
	if f := check("manufacturer", manufacturers, codeManufacturerTwice, codeManufacturerUnknown, codeManufacturerForeign,
		func(r *register, id string) bool { return entry(r.Manufacturers, id) != nil }); f != nil {
		return f
	}
	return check("responsible person", responsible, codePersonTwice, codePersonUnknown, codePersonForeign,
		func(r *register, id string) bool { return entry(r.Responsible, id) != nil })
}

// maxSizeChartIDs is the number of size charts that a search may name.
const maxSizeChartIDs = 50

// searchSizeCharts finds size charts by id or by words of their names.
func searchSizeCharts(c *gate.Call) *gate.Failure {
	page, f := c.Page(category.CodePageSize)
	if f != nil {
		return f
	}
	scope := "size charts " + c.Grant.OpenID
	after, f := page.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	var in struct {
		IDs     []string `json:"ids"`
		Keyword string   `json:"keyword"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	if len(in.IDs) > maxSizeChartIDs {
		return gate.Fail(gate.CodeInvalidParameter, "'ids' takes at most 50 ids")
	}
	locales := c.List("locales")
	type imageView struct {
		Locale string `json:"locale"`
		URI    string `json:"uri"`
		URL    string `json:"url"`
	}
	type view struct {
		ID     string      `json:"template_id"`
		Name   string      `json:"template_name"`
		Images []imageView `json:"images"`
	}
	all := Of(c.State.World)
	all.Mu.RLock()
	defer all.Mu.RUnlock()
	var charts []sizeChartEntry
	if r := all.Sellers[c.Grant.OpenID]; r != nil {
		charts = r.SizeCharts
	}
	found, next, total := gate.Paginate(c, charts, true, after, page.Size,
		func(e sizeChartEntry) gate.Cursor { return gate.Cursor{At: 0, ID: invent.Number(e.ID)} },
		func(e sizeChartEntry) bool {
			return (len(in.IDs) == 0 || slices.Contains(in.IDs, e.ID)) && ContainsFold(e.Name, in.Keyword)
		})
	answer := struct {
		Charts []view `json:"size_chart"`
		gate.PageEnd
	}{[]view{}, c.PageEnd(next, scope, total)}
	for _, e := range found {
		shown := view{e.ID, e.Name, []imageView{}}
		for _, i := range e.Images {
			if len(locales) == 0 || slices.Contains(locales, i.Locale) {
				shown.Images = append(shown.Images, imageView{i.Locale, i.URI, media.ImageURL(c, i.URI)})
			}
		}
		answer.Charts = append(answer.Charts, shown)
	}
	c.JSON(answer)
	return nil
}

// ContainsFold reports whether a text contains a keyword, whatever the case of
// their letters.
func ContainsFold(text, keyword string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(keyword))
}

// SizeChart is the size chart of a product: an image, a template or both.
type SizeChart struct {
	Image    *media.ImageRef    `json:"image,omitempty"`
	Template *SizeChartTemplate `json:"template,omitempty"`
}

// SizeChartTemplate refers to a registered size chart.
type SizeChartTemplate struct {
	ID string `json:"id"`
}

// Of returns what sellers registered in a world.
func Of(w *world.World) *Registers { return world.RoomIn[Registers](w.Rooms) }
