package operation

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

var updateIDs = flag.Bool("update-ids", false, "find the ids of examples again, in a sandbox, and write example_ids.json")

// seedOfExamples is the seed that ttshop sandbox has by default.
const seedOfExamples = 1

// TestExampleIDs finds ids with which the sandbox carries out the examples, and
// writes them to example_ids.json, with -update-ids. That they are current is
// seen by TestEveryExample, which runs the examples.
func TestExampleIDs(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	if !*updateIDs {
		for name, ids := range allExampleIDs() {
			if _, ok := known.ByName(name); !ok || len(ids) == 0 {
				t.Errorf("example_ids.json: %s is not an operation, or has no ids; find them again with -update-ids", name)
			}
		}
		return
	}
	f := &finder{t: t, seen: make(map[string][]together), found: make(map[string]map[string]string), left: make(map[string]string), done: make(map[string]bool), at: time.Unix(1_700_000_000, 0)}
	f.renew()
	for _, market := range marketsOfExamples() {
		everyExample(t, known, func(o *operationOptions) {
			if !o.op.Write && len(kindsIn(o)) == 0 {
				_ = f.try(o, market, nil) // to learn what there is
			}
		})
	}
	for range 3 { // what one read shows, another asks for
		everyExample(t, known, func(o *operationOptions) {
			if !o.op.Write {
				f.find(o)
			}
		})
	}
	everyExample(t, known, func(o *operationOptions) {
		if o.op.Write && !sendsFile(o) && o.op.FullName() != "authorization.DeauthorizeShop" {
			f.find(o)
		}
	})
	for _, name := range slices.Sorted(maps.Keys(f.left)) {
		t.Log(f.left[name])
	}
	content, err := json.MarshalIndent(f.found, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("example_ids.json", append(content, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// marketsOfExamples returns the markets of shops that examples are for.
func marketsOfExamples() []string {
	markets := make(map[string]bool)
	for _, fields := range exampleFields() {
		if raw, ok := fields[inMarket]; ok {
			markets[strings.Trim(string(raw), `"`)] = true
		}
	}
	return slices.Sorted(maps.Keys(markets))
}

// everyExample calls do with the options of each operation's command.
func everyExample(t *testing.T, known *catalog.Catalog, do func(o *operationOptions)) {
	t.Helper()
	for _, domain := range known.Domains() {
		for _, family := range field.Families(known, domain) {
			for _, e := range family.Versions {
				op, err := known.Describe(e)
				if err != nil {
					t.Fatal(err)
				}
				do(&operationOptions{op: op, family: family, fields: field.Flags(op)})
			}
		}
	}
}

// finder tries the ids of a sandbox's answers in the examples.
type finder struct {
	t      *testing.T
	at     time.Time
	server *sandboxtest.Server
	seen   map[string][]together // by market
	found  map[string]map[string]string
	done   map[string]bool
	left   map[string]string // why the last try of an example failed
}

// renew starts a sandbox in which nothing was written.
func (f *finder) renew() {
	if f.server != nil {
		f.server.Close()
	}
	f.server = startExamples(f.t, func() time.Time { return f.at })
}

// find looks for ids with which an operation's example is carried out.
func (f *finder) find(o *operationOptions) {
	name, market := o.op.FullName(), exampleMarket(o.op)
	if f.done[name] {
		return
	}
	if market == "" {
		market = f.server.Credentials.Shops[0].Region
	}
	kinds := kindsIn(o)
	const most = 500
	tried, first, last := 0, error(nil), error(nil)
	for _, ids := range f.candidates(o.op, market, kinds) {
		if tried++; tried > most {
			break
		}
		if err := f.try(o, market, ids); err != nil {
			if first == nil {
				first = err
			}
			if len(ids) > 0 {
				last = err
			}
			continue
		}
		delete(f.left, name)
		f.done[name] = true
		if len(ids) > 0 {
			f.found[name] = ids
		}
		if o.op.Write {
			f.renew()
		}
		return
	}
	f.left[name] = fmt.Sprintf("%s needs %v: %d tried, the first: %v, the last: %v", name, kinds, tried, first, last)
}

// sendsFile reports whether an example needs a file.
func sendsFile(o *operationOptions) bool {
	return slices.ContainsFunc(o.fields, func(f *field.Flag) bool {
		_, needed := o.exampleFlag(f)
		return needed && f.Field.Type == catalog.File
	})
}

// kindsIn returns what the example of an operation needs ids of.
func kindsIn(o *operationOptions) []string {
	kinds := make(map[string]bool)
	for _, flag := range o.fields {
		asked := make(map[string]bool)
		_, needed := o.exampleFlagWith(flag, func(kind string) string { asked[kind] = true; return madeUpID })
		if needed {
			maps.Copy(kinds, asked)
		}
	}
	return slices.Sorted(maps.Keys(kinds))
}

// otherNames are what an answer may call a thing that a request asks for.
var otherNames = map[string][]string{
	"return_or_cancel_id":   {"return_id", "cancel_id"},
	"request_id":            {"cancel_id", "return_id"},
	"order_line_item_id":    {"line_item_id"},
	"creator_user_open_id":  {"creator_open_id"},
	"creator_user_id":       {"creator_open_id", "user_id"},
	"creator_id":            {"creator_user_id", "creator_open_id", "user_id"},
	"application_id":        {"sample_application_id"},
	"buyer_user_id":         {"user_id"},
	"combinable_package_id": {"package_id"},
	"return_provider_id":    {"shipping_provider_id"},
	"live_id":               {"live_stream_session_id"},
	"global_sku_id":         {"sku_id"},
	"local_product_id":      {"product_id"},
	"source_sku_id":         {"sku_id"},
	"related_global_sku_id": {"global_sku_id", "sku_id"},
}

// together are ids that one object of an answer has, with those of the objects
// that it is in.
type together struct {
	domain string // of the operation that answered
	ids    map[string]string
}

// candidates returns ids of the kinds. Those come first that stood together in
// answers of the same domain.
func (f *finder) candidates(op *catalog.Operation, market string, kinds []string) []map[string]string {
	type candidate struct {
		ids  map[string]string
		met  int
		near bool
	}
	var list []candidate
	known := make(map[string]bool)
	values := make(map[string][]string) // by kind
	for _, t := range f.seen[market] {
		ids := make(map[string]string)
		for _, kind := range kinds {
			for _, name := range append([]string{kind}, otherNames[kind]...) {
				if id := t.ids[name]; id != "" {
					ids[kind] = id
					if !slices.Contains(values[kind], id) {
						values[kind] = append(values[kind], id)
					}
					break
				}
			}
		}
		if key := fmt.Sprint(ids); len(ids) > 0 && !known[key] {
			known[key] = true
			list = append(list, candidate{ids, len(ids), t.domain == op.Domain})
		}
	}
	if op.Write {
		slices.Reverse(list) // the newest can be acted on
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		if a.met == b.met && a.near != b.near {
			if a.near {
				return -1
			}
			return 1
		}
		return b.met - a.met
	})
	var all []map[string]string
	for i, c := range list {
		for _, kind := range kinds {
			if c.ids[kind] == "" && len(values[kind]) > 0 {
				c.ids[kind] = values[kind][i%len(values[kind])]
			}
		}
		all = append(all, c.ids)
	}
	return append(all, map[string]string{}) // what has no state takes any id
}

// try sends an example, and learns from the answer if it is carried out.
func (f *finder) try(o *operationOptions, market string, ids map[string]string) error {
	for _, flag := range o.fields {
		flag.Texts = nil
		if text, needed := o.exampleFlagWith(flag, idsIn(ids)); needed {
			flag.Texts = []string{text}
		}
	}
	o.All = o.op.Paging != nil // for pages of the largest size
	sys := platform.NewSession(&console.System{Now: func() time.Time { return f.at }, Err: io.Discard})
	request, err := o.request(sys, &field.Inputs{})
	if err != nil {
		return err
	}
	client := exampleClient(f.server, o.op, market)
	caller := &operationCaller{client: client, op: o.op, request: request}
	token := ""
	for range 8 { // pages
		response, err := caller.call(f.t.Context(), token)
		if err == nil {
			err = refusedItems(response, o.op.FullName())
		}
		if err != nil {
			return err
		}
		if o.op.Write {
			return nil
		}
		data, err := field.DecodeJSON(response.Data)
		if err != nil {
			return err
		}
		if caller.meta.Header.Get("X-Sandbox-Source") != "shape" {
			f.learn(o.op.Domain, market, data, "", lastNoun(o.op.Path), nil)
		}
		object, _ := data.(map[string]any)
		if token, _ = object["next_page_token"].(string); token == "" || o.op.Paging == nil {
			break
		}
	}
	return nil
}

// learn keeps the ids in an answer: those of an object with those of the objects
// that it is in.
func (f *finder) learn(domain, market string, value any, name, noun string, above map[string]string) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			if id, ok := item.(string); ok && strings.HasSuffix(name, "_ids") {
				here := maps.Clone(above)
				if here == nil {
					here = make(map[string]string)
				}
				here[singular(name)] = id
				f.seen[market] = append(f.seen[market], together{domain, here})
				continue
			}
			f.learn(domain, market, item, name, noun, above)
		}
	case map[string]any:
		here := maps.Clone(above)
		if here == nil {
			here = make(map[string]string)
		}
		if name != "" {
			noun = singular(name)
		}
		for _, member := range slices.Sorted(maps.Keys(value)) {
			id, _ := value[member].(string)
			switch {
			case id == "":
			case member == "uri":
				here[noun+"_uri"] = id
			case member == "id" || strings.HasSuffix(member, "_id"):
				here[kindOfID(member, noun)] = id
			}
		}
		if home := f.server.Credentials.Shops[0].Region; market != home && here["warehouse_id"] != "" {
			elsewhere := map[string]string{strings.ToLower(market) + "_warehouse_id": here["warehouse_id"]}
			f.seen[home] = append(f.seen[home], together{domain, elsewhere})
		}
		if len(here) > 0 {
			f.seen[market] = append(f.seen[market], together{domain, here})
		}
		for _, member := range slices.Sorted(maps.Keys(value)) {
			f.learn(domain, market, value[member], member, noun, here)
		}
	}
}
