package sandbox

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"

	operations "github.com/ttshop-go/ttshop/catalog"
)

// answerFromShape answers an operation that has no state of its own: from the
// fields of its result, with what the shop has, what the caller sent, and
// values that look like their names. The same request gets the same answer.
func answerFromShape(c *call) *failure {
	s, f := newShaper(c)
	if f != nil {
		return f
	}
	s.shop.mu.RLock()
	defer s.shop.mu.RUnlock()
	s.load()
	if len(s.spec.Result) == 0 {
		return nil
	}
	root := s.root()
	if f := s.paginate(root); f != nil {
		return f
	}
	answer := s.object(&operations.Field{Type: operations.Object, Fields: s.spec.Result}, root, "")
	c.out = answer.append(c.out)
	return nil
}

// shaper makes one answer.
type shaper struct {
	*call
	spec *spec
	shop *shop
	born int64 // when the world began: times do not depend on the present

	inputs map[string]any // the body, with the parameters of query and path on top
	body   map[string]any
	key    uint64 // of the request without its page

	page     shapePage
	products []*product // that can be sold
}

// shapePage is the page that the caller asked for.
type shapePage struct {
	items string // dotted path of the list; "" where there are no pages
	first int
	size  int
	next  string
	total int
}

func newShaper(c *call) (*shaper, *failure) {
	s := &shaper{call: c, spec: c.route.spec(), shop: c.shop, born: c.state.born.Unix(), inputs: map[string]any{}}
	if s.shop == nil && len(c.grant.shops) > 0 {
		s.shop = c.grant.shops[0]
	}
	if s.shop == nil { // creators and partners look at a seller's shop
		s.shop = c.state.world.shops[0]
	}
	if !s.spec.multipart && len(c.body) > 0 {
		decoder := json.NewDecoder(strings.NewReader(string(c.body)))
		decoder.UseNumber()
		if err := decoder.Decode(&s.body); err != nil {
			return nil, fail(codeInvalidParameter, "the body is not valid JSON")
		}
	}
	if s.spec.multipart {
		parts, f := c.formParts()
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
	for i := range s.spec.query {
		field := &s.spec.query[i]
		value, _ := lookup(c.query, field.Name)
		switch {
		case value == "":
		case field.Type == operations.Array:
			list := []any{}
			for _, item := range c.list(field.Name) {
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
	for i, name := range pathNames(c.route.path) {
		s.inputs[name] = c.params.values[i]
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
	h.Write([]byte(s.route.name + " " + s.shop.ID + " "))
	h.Write(appendJSON(nil, asked)) // maps are encoded in order
	return mix(h.Sum64() ^ s.state.world.seed)
}

// load collects what the shop has. The caller holds the shop's lock.
func (s *shaper) load() {
	for _, p := range productsOf(s.shop).list {
		if p.status == productActivate || p.status == productSellerDeactivated {
			s.products = append(s.products, p)
		}
	}
}

// paginate finds out which part of the list the caller wants.
func (s *shaper) paginate(root *scope) *failure {
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
		value, _ := lookup(s.query, name)
		return value
	}
	s.page.items = paging.Items
	words := strings.Split(paging.Items, ".")
	total := s.available(root, words[len(words)-1])
	s.page.total = total
	s.page.size = 10 // no document says what stands for a missing size
	for _, field := range slices.Concat(s.spec.query, s.spec.Body) {
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
		at, ok := decodeCursor(token, s.state.world.seed, scope)
		if !ok {
			return fail(codeInvalidParameter, "'page_token' was not issued for this list")
		}
		s.page.first = int(at.id)
	}
	s.page.first = min(s.page.first, total)
	s.page.size = min(s.page.size, total-s.page.first)
	if end := s.page.first + s.page.size; end < total {
		s.page.next = cursor{0, int64(end)}.encode(s.state.world.seed, scope)
	}
	return nil
}
