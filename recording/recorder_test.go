package recording_test

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/recording"
)

// canaries are people's data and secrets in an answer. None of them is recorded.
var canaries = []string{
	"Maria Silva", "maria", "SILVA", "maria@example.org", "+55 11 98765-4321", "98765", "Rua das Flores 12", "01310-100", "123.456.789-09",
	"577119121723930154", "1729235934832697341", "ROW_canary", "canaryapp", "canarytoken", "canarysign", "Leave it at the door", "CANARY-SKU",
	"tracking999", "https://example.org/p/maria.jpeg", "private_canary", "19790412", "Maria_Unlisted",
}

const order = `{"code":0,"message":"Success","request_id":"1","data":{"total_count":2,"next_page_token":"canarytoken","orders":[{
	"id":"577119121723930154","status":"AWAITING_SHIPMENT","create_time":1695873653,"is_cod":true,"user_id":"7491461312318146294",
	"buyer_email":"maria@example.org","buyer_message":"Leave it at the door","cpf":"123.456.789-09","shipping_type":"BRAND_NEW",
	"payment":{"currency":"BRL","total_amount":"657.5","tax":"0"},
	"recipient_address":{"name":"Maria Silva","first_name":"maria","last_name":"SILVA","phone_number":"+55 11 98765-4321","postal_code":"01310-100","full_address":"Rua das Flores 12","region_code":"BR",
		"district_info":[{"address_level":"L1","address_name":"Rua das Flores 12"}]},
	"line_items":[{"id":"1729235934832697341","product_id":"1729235934832697341","product_name":"Maria Silva","seller_sku":"CANARY-SKU","tracking_number":"tracking999","sku_image":"https://example.org/p/maria.jpeg"}],
	"new_text":"Maria Silva","new_count":19790412,"new_flag":true,"new_order_id":"577119121723930154","new_time":1695873653,
	"new_object":{"who":"Maria Silva","maria":"1","577119121723930154":{"a":1}},"private_canary":"private_canary","Maria_Unlisted":2
},{"id":"1729235934832697341"}]}}`

const operation = "/order/202309/orders/search"

// serve returns a client whose answers are recorded by r.
func serve(t *testing.T, r *recording.Recorder, answer string) func(path string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	client := &http.Client{Transport: r.Transport(server.Client().Transport)}
	return func(path string) string {
		request, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+path+"?shop_cipher=ROW_canary&app_key=canaryapp&sign=canarysign", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("x-tts-access-token", "canarytoken")
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
}

func newRecorder(t *testing.T, o recording.Options) (*recording.Recorder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "new")
	o.Now = func() time.Time { return time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC) }
	r, err := recording.New(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return r, dir
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestRecordsWithoutPeopleAndSecrets(t *testing.T) {
	t.Parallel()
	r, dir := newRecorder(t, recording.Options{Source: "BR, development shop"})
	if got := serve(t, r, order)(operation); got != order {
		t.Errorf("the caller reads %s", got)
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	files := r.Files()
	if !slices.Equal(files, []string{"order_get_order_list.json"}) {
		t.Fatalf("files %v", files)
	}
	text := read(t, dir, files[0])
	for _, canary := range canaries {
		if strings.Contains(text, canary) {
			t.Errorf("it shows %q:\n%s", canary, text)
		}
	}
	var recorded struct {
		Operation, Source string
		Data              struct {
			TotalCount int `json:"total_count"`
			Orders     []map[string]any
		}
	}
	if err := json.Unmarshal([]byte(text), &recorded); err != nil {
		t.Fatal(err)
	}
	if recorded.Operation != "POST "+operation || recorded.Source != "BR, development shop, 2026-08" || recorded.Data.TotalCount != 2 {
		t.Errorf("recorded %+v", recorded)
	}
	o := recorded.Data.Orders[0]
	payment, address, items := o["payment"].(map[string]any), o["recipient_address"].(map[string]any), o["line_items"].([]any)
	for name, kept := range map[string]bool{
		"status":           o["status"] == "AWAITING_SHIPMENT",
		"time":             o["create_time"] == 1695873653.0,
		"flag":             o["is_cod"] == true,
		"amount":           payment["total_amount"] == "657.5" && payment["currency"] == "BRL" && payment["tax"] == "0",
		"market":           address["region_code"] == "BR",
		"unlisted word":    o["shipping_type"] == "BRAND_NEW",
		"id's form":        len(o["id"].(string)) == 18,
		"same id again":    o["id"] == o["new_order_id"] && items[0].(map[string]any)["id"] == items[0].(map[string]any)["product_id"] && recorded.Data.Orders[1]["id"] == items[0].(map[string]any)["id"],
		"unknown text":     o["new_text"] == "t",
		"unknown number":   o["new_count"] == 1.0,
		"unknown flag":     o["new_flag"] == false,
		"unknown time":     o["new_time"] == 1700000000.0,
		"unknown member":   o["new_object"].(map[string]any)["who"] == "t",
		"members counted":  len(o["new_object"].(map[string]any)) == 3,
		"link":             items[0].(map[string]any)["sku_image"] == "https://t",
		"empty list is so": len(recorded.Data.Orders[1]) == 1,
	} {
		if !kept {
			t.Errorf("%s is not as it should be:\n%s", name, text)
		}
	}
}

// An answer that shows nothing new is not written again, and files of another
// session stay.
func TestRecordsWhatIsNew(t *testing.T) {
	t.Parallel()
	r, dir := newRecorder(t, recording.Options{})
	call := serve(t, r, order)
	for range 3 {
		call(operation)
	}
	if files := r.Files(); len(files) != 1 {
		t.Errorf("files %v", files)
	}
	before := read(t, dir, r.Files()[0])
	again, err := recording.New(dir, recording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	serve(t, again, order)(operation)
	if files := again.Files(); len(files) != 1 || !strings.HasSuffix(files[0], "_2.json") || read(t, dir, r.Files()[0]) != before {
		t.Errorf("files %v", files)
	}
	var first, second any
	if json.Unmarshal([]byte(before), &first) != nil || json.Unmarshal([]byte(read(t, dir, again.Files()[0])), &second) != nil {
		t.Fatal("not JSON")
	}
	id := func(v any) any {
		return v.(map[string]any)["data"].(map[string]any)["orders"].([]any)[0].(map[string]any)["id"]
	}
	if id(first) == id(second) {
		t.Error("two sessions replace an id by the same one: it leads back")
	}
}

func TestRecordsUnknownOperations(t *testing.T) {
	t.Parallel()
	r, dir := newRecorder(t, recording.Options{Items: 1})
	serve(t, r, `{"code":0,"data":{"list":[{"name":"Maria Silva","status":"OPEN","id":"577119121723930154"},{"name":"x"}]}}`)("/order/202699/orders/577119121723930154/fate")
	if files := r.Files(); len(files) != 1 {
		t.Fatalf("files %v, error %v", files, r.Err())
	}
	var recorded struct {
		Operation string
		Data      map[string][]map[string]string
	}
	if err := json.Unmarshal([]byte(read(t, dir, r.Files()[0])), &recorded); err != nil {
		t.Fatal(err)
	}
	item := recorded.Data["list"][0]
	if recorded.Operation != "POST /order/202699/orders/{id}/fate" || len(recorded.Data["list"]) != 1 || item["name"] != "t" || item["status"] != "t" || item["id"] == "577119121723930154" || len(item["id"]) != 18 {
		t.Errorf("recorded %+v", recorded)
	}
}

func TestRecordsSuccessOnly(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{`{"code":36009004,"message":"no","data":{"a":"b"}}`, `{"code":0,"data":{}}`, `{"code":0,"data":null}`, `{"code":0}`, `%PDF`, ``} {
		r, _ := newRecorder(t, recording.Options{})
		serve(t, r, answer)(operation)
		if len(r.Files()) != 0 || r.Err() != nil {
			t.Errorf("%q: files %v, error %v", answer, r.Files(), r.Err())
		}
	}
}

// A listed value, a name of a member: even where a secret is one of these it is
// not written.
func TestRefusesSecrets(t *testing.T) {
	t.Parallel()
	r, dir := newRecorder(t, recording.Options{})
	serve(t, r, `{"code":0,"data":{"orders":[{"canaryapp":1,"status":"UNPAID"}]}}`)(operation)
	if err := r.Err(); err == nil || strings.Contains(err.Error(), "canaryapp") {
		t.Errorf("error %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 0 {
		t.Errorf("entries %v, error %v", entries, err)
	}
}

// A disk that takes no file is reported, and the call succeeds.
func TestFolderIsGone(t *testing.T) {
	t.Parallel()
	r, dir := newRecorder(t, recording.Options{})
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if got := serve(t, r, order)(operation); got != order {
		t.Errorf("the caller reads %s", got)
	}
	if err := r.Err(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// Whatever comes: no text, number or id of an answer that no field is known for
// leaves the recorder.
func FuzzRecords(f *testing.F) {
	f.Add("Maria Silva", "name", int64(577119121723930154))
	f.Add("+55 11 98765-4321", "phone_number", int64(42))
	f.Add("577119121723930154", "id", int64(1700000001))
	f.Fuzz(func(t *testing.T, text, name string, number int64) {
		r, dir := newRecorder(t, recording.Options{})
		answer, err := json.Marshal(map[string]any{"code": 0, "data": map[string]any{"list": []any{map[string]any{name: text, "beside": text, "number": number}}}})
		if err != nil {
			t.Skip()
		}
		serve(t, r, string(answer))("/unknown/202309/things")
		if err := r.Err(); err != nil {
			t.Fatal(err)
		}
		var recorded struct {
			Data map[string][]map[string]any
		}
		if err := json.Unmarshal([]byte(read(t, dir, r.Files()[0])), &recorded); err != nil {
			t.Fatal(err)
		}
		item := recorded.Data["list"][0]
		if len(text) > 6 && strings.Trim(text, "0.") != "" {
			for member, value := range item {
				if member == text && text != "beside" && text != "number" || value == text && text != "https://t" {
					t.Errorf("it shows %q: %v", text, slices.Collect(maps.Values(item)))
				}
			}
		}
	})
}
