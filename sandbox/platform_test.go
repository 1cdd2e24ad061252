package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
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

// apart are fields that recordings always have and the sandbox has not, with the
// reason. A field that comes under a condition only has to be there somewhere.
var apart = map[string]string{}

// sometimes are fields that recordings always have because all of them happen to
// be of one kind. The sandbox has them for objects of that kind.
var sometimes = map[string]string{}

// kinds sorts what values look like: signs, times, ids, listed words.
var kinds = []struct {
	name string
	form *regexp.Regexp
}{
	{"id", regexp.MustCompile(`^\d{15,}$`)},
	{"cost", regexp.MustCompile(`^-\d+(\.\d+)?$`)},
	{"amount", regexp.MustCompile(`^\d+(\.\d+)?$`)},
	{"word", regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$`)},
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
			for form, example := range got.forms[path] {
				if wanted := families[r.family()].forms[path]; len(wanted) > 0 && wanted[form] == nil {
					t.Errorf("%s: %s is %v here, a %s, and %v on the platform", r.name, where, example, form, wanted)
				} else if text, ok := example.(string); ok && (form == "cost" || form == "amount") && padded.MatchString(text) {
					t.Errorf("%s: %s is %s, which is padded", r.name, where, text)
				}
			}
		}
	}
	for where := range apart {
		if !used[where] {
			t.Errorf("the exception %q meets no recording", where)
		}
	}
}

// answersOfOperations returns what the sandbox answered to every operation while
// orders, returns and products of all kinds were looked at.
func answersOfOperations(t *testing.T) map[string]*anatomy {
	t.Helper()
	d := &driver{world: newWorld(t), region: "VN", ids: map[string][]string{}, answers: map[int]int{}}
	for _, op := range describeAll(t) {
		if op.FullName() != leaving {
			d.operations = append(d.operations, op.Operation)
		}
	}
	given := map[string]*anatomy{}
	d.heard = func(op *catalog.Operation, data json.RawMessage) {
		var value any
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		if err := decoder.Decode(&value); err != nil {
			t.Errorf("%s: %v", op.FullName(), err)
			return
		}
		name := op.Method + " " + op.Path
		if given[name] == nil {
			given[name] = newAnatomy()
		}
		given[name].add("", value)
	}
	skus := d.offers(t, d.region, 2)
	for _, to := range []string{"UNPAID", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED"} {
		for _, ask := range []string{"cancel", "return", "refund", "replace"} {
			var placed struct {
				ID string `json:"order_id"`
			}
			body := fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":2}]}`, d.shop(d.region).ID, skus[0].ID)
			if err := json.Unmarshal(d.control("POST", "orders", body), &placed); err != nil {
				t.Fatal(err)
			}
			d.control("POST", "orders/"+placed.ID+"/move", `{"to":"`+to+`"}`)
			d.control("POST", "orders/"+placed.ID+"/buyer", `{"ask":"`+ask+`"}`)
			d.ids["order_id"] = append(d.ids["order_id"], placed.ID)
		}
	}
	d.look()
	for _, op := range d.operations {
		if !reads(op) {
			d.call(op, 0, true)
			d.call(op, 1, false)
		}
	}
	d.look()
	return given
}
