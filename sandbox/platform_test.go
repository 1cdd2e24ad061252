package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox"
)

// A platformAnswer is an answer that the platform gave; sandbox/testdata/platform
// says more. Whatever lies in its folder is tested.
type platformAnswer struct {
	name      string
	Operation string
	Data      any
}

func platformAnswers(t *testing.T) []platformAnswer {
	t.Helper()
	files, err := filepath.Glob("testdata/platform/answers/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings (%v)", err)
	}
	var list []platformAnswer
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		a := platformAnswer{name: strings.TrimSuffix(filepath.Base(file), ".json")}
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		if err := decoder.Decode(&a); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		list = append(list, a)
	}
	return list
}

// beyond are recorded operations that the sandbox lacks, with the reason.
var beyond = map[string]string{}

// apart are fields that recordings always have and the sandbox has not, with the
// reason. A field that comes under a condition only has to be there somewhere.
var apart = map[string]string{}

// sometimes are fields that recordings always have because all of them happen to
// be of one kind. The sandbox has them for objects of that kind.
var sometimes = map[string]string{
	"GET /order/202309/orders .orders[].tts_sla_time":                                "unpaid orders have none",
	"GET /order/202309/orders .orders[].rts_sla_time":                                "unpaid orders have none",
	"GET /order/202309/orders .orders[].recipient_address":                           "unpaid orders have none",
	"GET /order/202309/orders .orders[].payment_method_name":                         "unpaid orders have none",
	"GET /order/202309/orders .orders[].line_items[].package_status":                 "unpaid orders have none",
	"GET /order/202309/orders .orders[].line_items[].package_id":                     "unpaid orders have none",
	"GET /order/202309/orders .orders[].rts_time":                                    "the recorded orders were shipped",
	"GET /order/202309/orders .orders[].line_items[].tracking_number":                "the recorded orders were shipped",
	"GET /order/202309/orders .orders[].line_items[].shipping_provider_name":         "the recorded orders were shipped",
	"GET /order/202309/orders .orders[].line_items[].shipping_provider_id":           "the recorded orders were shipped",
	"GET /order/202309/orders .orders[].line_items[].rts_time":                       "the recorded orders were shipped",
	"POST /order/202309/orders/search .orders[].line_items[].package_id":             "packages are made of paid orders",
	"POST /order/202309/orders/search .orders[].line_items[].package_status":         "packages are made of paid orders",
	"POST /order/202309/orders/search .orders[].line_items[].rts_time":               "the recorded orders were shipped",
	"POST /order/202309/orders/search .orders[].line_items[].shipping_provider_id":   "the recorded orders were shipped",
	"POST /order/202309/orders/search .orders[].line_items[].shipping_provider_name": "the recorded orders were shipped",
	"POST /order/202309/orders/search .orders[].line_items[].tracking_number":        "the recorded orders were shipped",
	"POST /order/202309/orders/search .orders[].payment_method_name":                 "unpaid orders have none",
	"POST /order/202309/orders/search .orders[].recipient_address":                   "unpaid orders have none",
	"POST /order/202309/orders/search .orders[].rts_sla_time":                        "unpaid orders have none",
	"POST /order/202309/orders/search .orders[].rts_time":                            "the recorded orders were shipped",
	"POST /order/202309/orders/search .orders[].tts_sla_time":                        "unpaid orders have none",
	"GET /product/202309/products/{product_id} .brand":                               "the recorded product has one",
	"GET /product/202309/products/{product_id} .package_dimensions":                  "the recorded product has some",
	"GET /product/202309/products/{product_id} .skus[].sku_dimensions":               "the recorded product has some",
	"GET /fulfillment/202309/packages/{package_id} .shipping_provider_name":          "the carrier is drawn when a package is shipped",
	"GET /fulfillment/202309/packages/{package_id} .package_sub_status":              "recorded before shipping only",
}

// kinds sorts what values look like: signs, times, ids, listed words.
var kinds = []struct {
	name string
	form *regexp.Regexp
}{
	{"id", regexp.MustCompile(`^\d{15,}$`)},
	{"cost", regexp.MustCompile(`^-\d+(\.\d+)?$`)},
	{"amount", regexp.MustCompile(`^\d+(\.\d+)?$`)},
	{"word", regexp.MustCompile(`^[A-Z][A-Z0-9]+$|^[A-Za-z0-9]+(_[A-Z0-9]+)+$`)},
	{"link", regexp.MustCompile(`^https?://`)},
}

var padded = regexp.MustCompile(`^-?\d+\.\d*0$`)

// kindOf says what a value looks like. Zeros and empty ones look like anything.
func kindOf(value any) string {
	switch v := value.(type) {
	case string:
		if strings.Trim(v, "0.-") == "" {
			return ""
		}
		for _, k := range kinds {
			if k.form.MatchString(v) {
				return k.name
			}
		}
		return "text"
	case json.Number:
		switch len(v) {
		case 10:
			return "seconds"
		case 13:
			return "milliseconds"
		}
		return "number"
	case bool:
		return "boolean"
	case map[string]any:
		return "object"
	case []any:
		return "list"
	}
	return ""
}

// An anatomy is what some answers are made of: the objects by path, and how many
// of them have each member, in which forms.
type anatomy struct {
	objects map[string]int            // by path
	members map[string]int            // by path
	forms   map[string]map[string]any // by path: the forms, each with an example
}

func newAnatomy() *anatomy {
	return &anatomy{map[string]int{}, map[string]int{}, map[string]map[string]any{}}
}

func (a *anatomy) add(path string, value any) {
	if form := kindOf(value); form != "" {
		if a.forms[path] == nil {
			a.forms[path] = map[string]any{}
		}
		a.forms[path][form] = value
	}
	switch v := value.(type) {
	case map[string]any:
		a.objects[path]++
		for name, member := range v {
			a.members[path+"."+name]++
			a.add(path+"."+name, member)
		}
	case []any:
		for _, item := range v {
			a.add(path+"[]", item)
		}
	}
}

// always are the members that every object at their path has.
func (a *anatomy) always() []string {
	var list []string
	for _, path := range slices.Sorted(maps.Keys(a.members)) {
		if a.members[path] == a.objects[path[:strings.LastIndex(path, ".")]] {
			list = append(list, path)
		}
	}
	return list
}

// family groups recordings of one object: the domain and the list or fields of
// the answer.
func (a *platformAnswer) family() string {
	_, path, _ := strings.Cut(a.Operation, " ")
	data, _ := a.Data.(map[string]any)
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(data)), func(name string) bool {
		return name == "total_count" || name == "next_page_token"
	})
	if len(names) != 1 {
		return a.Operation
	}
	return strings.Split(path, "/")[1] + " " + names[0]
}

// Whatever the platform always answers the sandbox answers too, in the same form:
// type, sign, padding, seconds or milliseconds.
func TestPlatformAnswers(t *testing.T) {
	t.Parallel()
	recordings := platformAnswers(t)
	families := map[string]*anatomy{}
	for _, r := range recordings {
		if families[r.family()] == nil {
			families[r.family()] = newAnatomy()
		}
		families[r.family()].add("", r.Data)
	}
	given := answersOfOperations(t)
	used := map[string]bool{}
	for _, r := range recordings {
		own := newAnatomy()
		own.add("", r.Data)
		got := given[r.Operation]
		if beyond[r.Operation] != "" && got == nil {
			continue
		}
		if got == nil {
			t.Errorf("%s: the sandbox gave no answer to %s", r.name, r.Operation)
			continue
		}
		constant := families[r.family()].always()
		for _, path := range own.always() {
			parent, where := path[:strings.LastIndex(path, ".")], r.Operation+" "+path
			switch {
			case !slices.Contains(constant, path) || got.objects[parent] == 0 && parent != "":
				continue
			case apart[where] != "":
				used[where] = true
				if got.members[path] > 0 {
					t.Errorf("%s: %s is there: it needs no exception", r.name, where)
				}
				continue
			case got.members[path] == 0:
				t.Errorf("%s: the sandbox never answers %s", r.name, where)
				continue
			case sometimes[where] != "":
				used[where] = true
			case got.members[path] < got.objects[parent]:
				t.Errorf("%s: the sandbox answers %s for %d of %d objects", r.name, where, got.members[path], got.objects[parent])
			}
			if strings.HasSuffix(path, "tracking_number") || families[r.family()].forms[path]["text"] != nil {
				continue // each carrier has its form, and words in recordings were replaced
			}
			for form, example := range got.forms[path] {
				if wanted := families[r.family()].forms[path]; len(wanted) > 0 && wanted[form] == nil {
					t.Errorf("%s: %s is %v here, a %s, and %v on the platform", r.name, where, example, form, wanted)
				} else if text, ok := example.(string); ok && (form == "cost" || form == "amount") && padded.MatchString(text) {
					t.Errorf("%s: %s is %s, which is padded", r.name, where, text)
				}
			}
		}
	}
	for _, exceptions := range []map[string]string{apart, sometimes} {
		for where := range exceptions {
			if !used[where] {
				t.Errorf("the exception %q meets no recording", where)
			}
		}
	}
}

// answersOfOperations returns what the sandbox answered to every operation while
// orders, returns, products and promotions of all kinds were made and looked at.
func answersOfOperations(t *testing.T) map[string]*anatomy {
	t.Helper()
	const region = "VN"
	w := newWorld(t, func(c *sandbox.Config) { c.AccessTokenTTL = 90 * 24 * time.Hour })
	d := &driver{world: w, region: region, ids: map[string][]string{}, answers: map[int]int{}}
	for _, op := range describeAll(t) {
		if reads(op.Operation) {
			d.operations = append(d.operations, op.Operation)
		}
	}
	given := map[string]*anatomy{}
	var known catalog.Catalog
	w.heard = func(r *http.Request, body []byte) {
		var answer struct {
			Code int
			Data any
		}
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		if err := decoder.Decode(&answer); err != nil || answer.Code != 0 {
			return
		}
		name := r.Method + " " + r.URL.Path
		if e, ok := known.Find(r.Method, r.URL.Path); ok {
			name = e.Method + " " + e.Path
		}
		if given[name] == nil {
			given[name] = newAnatomy()
		}
		given[name].add("", answer.Data)
	}
	w.exchange(t, w.Credentials().AuthCode)
	for _, status := range []string{"UNPAID", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED"} {
		for _, ask := range []string{"", "cancel", "return", "refund", "replace"} {
			id := w.placed(t, region, "", status, 2)
			d.ids["order_id"] = append(d.ids["order_id"], id)
			if asked := (struct{ ID string }{}); ask != "" && json.Unmarshal(d.control("POST", "orders/"+id+"/buyer", `{"ask":"`+ask+`"}`), &asked) == nil && asked.ID != "" {
				d.ids["return_or_cancel_id"] = append(d.ids["return_or_cancel_id"], asked.ID)
			}
		}
	}

	sold := w.product(t, region, w.create(t, region, w.newDraft(t, region)), "")
	d.ids["product_id"] = append(d.ids["product_id"], sold.ID)
	product := "/product/202309/products/" + sold.ID
	w.call(t, region, "PUT", product, "", w.newDraft(t, region).json()).into(t, &sold)
	sold = w.product(t, region, d.ids["product_id"][0], "")
	w.call(t, region, "POST", product+"/prices/update", "", fmt.Sprintf(`{"skus":[{"id":%q,"price":{"amount":"100000","currency":"VND"}}]}`, sold.SKUs[0].ID))
	w.call(t, region, "POST", product+"/inventory/update", "", fmt.Sprintf(`{"skus":[{"id":%q,"inventory":[{"quantity":5}]}]}`, sold.SKUs[0].ID))

	discounted := w.withStatus(t, region, "ACTIVATE")
	promoted := w.promote(t, region, "DIRECT_DISCOUNT", "PRODUCT", "Spring")
	activity := activitiesPath + "/" + promoted.ID
	w.call(t, region, "PUT", activity+"/products", "", fmt.Sprintf(`{"activity_id":%q,"products":[{"id":%q,"quantity_limit":-1,"quantity_per_user":-1,"discount":"12.5"}]}`, promoted.ID, discounted.ID))
	w.call(t, region, "POST", activity+"/deactivate", "", "")

	d.ids["package_id"] = []string{w.order(t, region, w.placed(t, region, "", "AWAITING_SHIPMENT", 1)).Packages[0].ID}
	d.look()
	for _, id := range d.ids["package_id"] {
		w.parcel(t, region, id)
		w.call(t, region, "POST", "/fulfillment/202309/packages/"+id+"/ship", "", "{}")
		w.call(t, region, "GET", "/fulfillment/202309/packages/"+id+"/shipping_documents", "document_type=SHIPPING_LABEL", "")
	}
	for _, id := range d.ids["return_or_cancel_id"] {
		w.call(t, region, "GET", "/return_refund/202309/reject_reasons", "return_or_cancel_id="+id, "")
	}
	w.call(t, region, "GET", "/order/202309/orders", "ids="+strings.Join(d.ids["order_id"][:35], ","), "")
	d.tell(d.control("POST", "clock", `{"advance":"480h"}`))
	d.look()
	w.call(t, region, "GET", "/finance/202309/statements", "sort_field=statement_time", "")
	w.call(t, region, "GET", "/finance/202507/orders/unsettled", "sort_field=order_create_time", "")
	return given
}
