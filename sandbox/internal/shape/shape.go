package shape

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"

	operations "github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Answer answers an operation that has no state of its own: from the
// fields of its result, with what the shop has, what the caller sent, and
// values that look like their names. The same request gets the same answer.
func Answer(c *gate.Call) *gate.Failure {
	s, f := newShaper(c)
	if f != nil {
		return f
	}
	s.shop.Mu.RLock()
	defer s.shop.Mu.RUnlock()
	s.load()
	if len(s.spec.Result) == 0 {
		return nil
	}
	root := s.root()
	if f := s.paginate(root); f != nil {
		return f
	}
	answer := s.object(&operations.Field{Type: operations.Object, Fields: s.spec.Result}, root, "")
	c.Out = answer.Append(c.Out)
	return nil
}

// shaper makes one answer.
type shaper struct {
	*gate.Call
	spec *gate.Spec
	shop *world.Shop
	born int64 // when the world began: times do not depend on the present

	inputs map[string]any // the body, with the parameters of query and path on top
	body   map[string]any
	key    uint64 // of the request without its page

	page     shapePage
	products []*product.Product // that can be sold
}

// shapePage is the page that the caller asked for.
type shapePage struct {
	items string // dotted path of the list; "" where there are no pages
	first int
	size  int
	next  string
	total int
}

func newShaper(c *gate.Call) (*shaper, *gate.Failure) {
	s := &shaper{Call: c, spec: c.Route.Spec(), shop: c.Shop, born: c.State.Born.Unix(), inputs: map[string]any{}}
	if s.shop == nil && len(c.Grant.Shops) > 0 {
		s.shop = c.Grant.Shops[0]
	}
	if s.shop == nil { // creators and partners look at a seller's shop
		s.shop = c.State.World.Shops[0]
	}
	if !s.spec.Multipart && len(c.Fields()) > 0 {
		decoder := json.NewDecoder(strings.NewReader(string(c.Fields())))
		decoder.UseNumber()
		if err := decoder.Decode(&s.body); err != nil {
			return nil, gate.Fail(gate.CodeInvalidParameter, "the body is not valid JSON")
		}
	}
	if s.spec.Multipart {
		parts, f := c.FormParts()
		if f != nil {
			return nil, f
		}
		for i := range s.spec.Body {
			if field := &s.spec.Body[i]; field.Type != operations.File && len(parts[field.Name]) > 0 {
				s.inputs[field.Name] = string(parts[field.Name])
			}
		}
	}
	maps.Copy(s.inputs, s.body)
	for i := range s.spec.Query {
		field := &s.spec.Query[i]
		value, _ := wire.Lookup(c.Query, field.Name)
		switch {
		case value == "":
		case field.Type == operations.Array:
			list := []any{}
			for _, item := range c.List(field.Name) {
				list = append(list, item)
			}
			s.inputs[field.Name] = list
		case field.Type == operations.Boolean:
			s.inputs[field.Name] = strings.EqualFold(value, "true") || value == "1"
		case field.Type == operations.Integer || field.Type == operations.Number:
			s.inputs[field.Name] = json.Number(value)
		default:
			s.inputs[field.Name] = value
		}
	}
	for i, name := range gate.PathNames(c.Route.Path) {
		s.inputs[name] = c.Params.Values[i]
	}
	s.key = s.requestKey()
	return s, nil
}

// requestKey is a fingerprint of what the caller asks for, the page aside.
func (s *shaper) requestKey() uint64 {
	asked := make(map[string]any, len(s.inputs))
	for name, value := range s.inputs {
		if name != "page_token" && name != "page_size" {
			asked[name] = value
		}
	}
	h := fnv.New64a()
	h.Write([]byte(s.Route.Name + " " + s.shop.ID + " "))
	h.Write(gate.AppendJSON(nil, asked)) // maps are encoded in order
	return invent.Mix(h.Sum64() ^ s.State.World.Seed)
}

// load collects what the shop has. The caller holds the shop's lock.
func (s *shaper) load() {
	for _, p := range product.Of(s.shop).List {
		if p.Status == product.ProductActivate || p.Status == product.ProductSellerDeactivated {
			s.products = append(s.products, p)
		}
	}
}

// paginate finds out which part of the list the caller wants.
func (s *shaper) paginate(root *scope) *gate.Failure {
	paging := s.spec.Paging
	if paging == nil {
		return nil
	}
	input := func(place string) string {
		in, name, _ := strings.Cut(place, ":")
		if in == "body" {
			switch v := s.body[name].(type) {
			case string:
				return v
			case json.Number:
				return v.String()
			}
			return ""
		}
		value, _ := wire.Lookup(s.Query, name)
		return value
	}
	s.page.items = paging.Items
	words := strings.Split(paging.Items, ".")
	total := s.available(root, words[len(words)-1])
	s.page.total = total
	s.page.size = 10 // no document says what stands for a missing size
	for _, field := range slices.Concat(s.spec.Query, s.spec.Body) {
		if _, name, _ := strings.Cut(paging.Size, ":"); field.Name == name {
			if n, err := strconv.Atoi(field.Default); err == nil {
				s.page.size = n
			}
		}
	}
	if n, err := strconv.Atoi(input(paging.Size)); err == nil && n > 0 {
		s.page.size = n
	}
	scope := "shape " + strconv.FormatUint(s.key, 16)
	if token := input(paging.Token); token != "" {
		at, ok := gate.DecodeCursor(token, s.State.World.Seed, scope)
		if !ok {
			return gate.Fail(gate.CodeInvalidParameter, "'page_token' was not issued for this list")
		}
		s.page.first = int(at.ID)
	}
	s.page.first = min(s.page.first, total)
	s.page.size = min(s.page.size, total-s.page.first)
	if end := s.page.first + s.page.size; end < total {
		s.page.next = gate.Cursor{At: 0, ID: int64(end)}.Encode(s.State.World.Seed, scope)
	}
	return nil
}
