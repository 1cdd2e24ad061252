package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// Ids of size charts, manufacturers and responsible persons begin at
// idRegisters, their random streams at streamRegisters.
const (
	idRegisters     = 7604_000_000_000_000_000
	streamRegisters = 1<<24 + 200
)

// registers are what sellers have registered for their products to refer to.
// The lock is taken last.
type registers struct {
	mu      sync.RWMutex
	sellers map[string]*register // by open id
}

// register belongs to one seller.
type register struct {
	IDs           ids                 `json:"ids"`
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

// newRegisters invents the size charts of the sellers and somebody who is
// responsible for their goods.
func newRegisters(w *world) map[string]*register {
	all := map[string]*register{}
	for i, owner := range []*seller{&w.seller, &w.neighbour} {
		rng := newRandom(w.seed, streamRegisters+uint64(i))
		r := &register{
			IDs:        ids{idRegisters + uint64(i)*idStride + rng.Uint64N(idStride/2), rng},
			SizeCharts: []sizeChartEntry{}, Manufacturers: []manufacturer{}, Responsible: []responsiblePerson{},
		}
		for _, name := range []string{"Unisex tops", "Hoodies", "Bags and pouches"} {
			chart := sizeChartEntry{ID: r.IDs.new(), Name: name}
			for _, locale := range []string{"en-US", "en-GB", "vi-VN"} {
				image := imagesOf(w).add(minSizeChartPixels, minSizeChartPixels, "image/png", nil)
				chart.Images = append(chart.Images, sizeChartImage{locale, image.uri})
			}
			r.SizeCharts = append(r.SizeCharts, chart)
		}
		maker := manufacturerProfile{
			Name: owner.name + " Workshop", Email: "workshop@example.com", TradeName: owner.name,
			Phone: phoneNumber{phoneAvailable, "+49", "3055501420"}, Address: "Werkhof 4, 10115 Berlin, DE",
		}
		r.Manufacturers = append(r.Manufacturers, newEntry(r.IDs.new(), maker))
		person := responsibleProfile{
			Name: owner.name + " Europe", Email: "europe@example.com",
			Phone:   phoneNumber{Country: "+353", Local: "15550142"},
			Address: responsibleAddress{Line1: "14 Sandbox Quay", City: "Dublin", PostalCode: "D02 X285", Country: "IE"},
		}
		r.Responsible = append(r.Responsible, newEntry(r.IDs.new(), person))
		all[owner.openID] = r
	}
	return all
}

// part holds the registers.
func (r *registers) part() part {
	return part{"registers",
		func() any { return r.sellers },
		func(raw json.RawMessage) error {
			fresh := map[string]*register{}
			if err := unmarshal(raw, &fresh); err != nil {
				return err
			}
			r.sellers = fresh
			return nil
		}}
}

// chart returns a size chart of a seller by its id, or nil.
func (r *register) chart(id string) *sizeChartEntry {
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

// checkPeople refuses manufacturers and responsible persons whom the seller has
// not registered.
func checkPeople(c *call, manufacturers, responsible []string) *failure {
	all := registersOf(c.state.world)
	all.mu.RLock()
	defer all.mu.RUnlock()
	check := func(what string, list []string, twice, unknown, foreign int, has func(r *register, id string) bool) *failure {
		for i, id := range list {
			if slices.Contains(list[:i], id) {
				return fail(twice, what, " ", id, " occurs twice")
			}
			if r := all.sellers[c.grant.openID]; r != nil && has(r, id) {
				continue
			}
			for _, other := range all.sellers {
				if has(other, id) {
					return fail(foreign, what, " ", id, " is registered for another seller")
				}
			}
			return fail(unknown, "no ", what, " has the id ", id)
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
func searchSizeCharts(c *call) *failure {
	page, f := c.page(codePageSize)
	if f != nil {
		return f
	}
	scope := "size charts " + c.grant.openID
	after, f := page.cursor(c.state.world.seed, scope)
	if f != nil {
		return f
	}
	var in struct {
		IDs     []string `json:"ids"`
		Keyword string   `json:"keyword"`
	}
	if f := c.decode(&in); f != nil {
		return f
	}
	if len(in.IDs) > maxSizeChartIDs {
		return fail(codeInvalidParameter, "'ids' takes at most 50 ids")
	}
	locales := c.list("locales")
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
	all := registersOf(c.state.world)
	all.mu.RLock()
	defer all.mu.RUnlock()
	var charts []sizeChartEntry
	if r := all.sellers[c.grant.openID]; r != nil {
		charts = r.SizeCharts
	}
	found, next, total := paginate(charts, true, after, page.size,
		func(e sizeChartEntry) cursor { return cursor{0, number(e.ID)} },
		func(e sizeChartEntry) bool {
			return (len(in.IDs) == 0 || slices.Contains(in.IDs, e.ID)) && containsFold(e.Name, in.Keyword)
		})
	answer := struct {
		Charts []view `json:"size_chart"`
		pageEnd
	}{[]view{}, c.pageEnd(next, scope, total)}
	for _, e := range found {
		shown := view{e.ID, e.Name, []imageView{}}
		for _, i := range e.Images {
			if len(locales) == 0 || slices.Contains(locales, i.Locale) {
				shown.Images = append(shown.Images, imageView{i.Locale, i.URI, imageURL(c, i.URI)})
			}
		}
		answer.Charts = append(answer.Charts, shown)
	}
	c.json(answer)
	return nil
}

// containsFold reports whether a text contains a keyword, whatever the case of
// their letters.
func containsFold(text, keyword string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(keyword))
}

type sizeChart struct {
	Image    *imageRef          `json:"image,omitempty"`
	Template *sizeChartTemplate `json:"template,omitempty"`
}

type sizeChartTemplate struct {
	ID string `json:"id"`
}

// registersOf returns what sellers registered in a world.
func registersOf(w *world) *registers { return roomIn[registers](w.rooms) }
