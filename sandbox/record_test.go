package sandbox_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// update writes the recordings again.
var update = flag.Bool("update", false, "write the recorded hashes again")

// recordedSeeds are the worlds whose answers are recorded, with the market
// that each is asked about.
var recordedSeeds = map[uint64]string{3: "US", 7: "GB", 41: "VN", 55: "BR"}

// recording keeps a hash per operation, control endpoint and page of what a
// sandbox answered, and the answers themselves where TTSHOP_RECORD names a
// folder. Request ids and their count are left out: they tell how many requests
// came before.
type recording struct {
	*world
	kinds  []string             // in the order of their first answers
	hashes map[string]hash.Hash // by kind
	counts map[string]int
	full   bytes.Buffer
	count  int
}

var (
	requestCount = regexp.MustCompile(`"request_id":"[0-9A-F]+"|"requests":[0-9]+`)
	longNumber   = regexp.MustCompile(`[0-9]{10,}`)
)

// add records one answer under a name, whose first word is its kind.
func (r *recording) add(kind, name string, w *httptest.ResponseRecorder) {
	r.count++
	var kept bytes.Buffer
	fmt.Fprintf(&kept, "## %s %s\n%d %s %s\n", kind, name, w.Code, w.Header().Get("Content-Type"), w.Header().Get("X-Sandbox-Source"))
	kept.Write(requestCount.ReplaceAll(w.Body.Bytes(), nil))
	if r.hashes[kind] == nil {
		r.kinds = append(r.kinds, kind)
		r.hashes[kind] = sha256.New()
	}
	r.counts[kind]++
	_, _ = r.hashes[kind].Write(kept.Bytes())
	r.full.Write(append(kept.Bytes(), '\n'))
}

// text lists the kinds with the number of answers and their hash.
func (r *recording) text() string {
	var b strings.Builder
	for _, kind := range r.kinds {
		fmt.Fprintf(&b, "%s %d %s\n", hex.EncodeToString(r.hashes[kind].Sum(nil)[:8]), r.counts[kind], kind)
	}
	return b.String()
}

func (r *recording) ask(kind, name string, request *http.Request) []byte {
	w := httptest.NewRecorder()
	r.ServeHTTP(w, request)
	r.add(kind, name, w)
	return w.Body.Bytes()
}

// local asks something of the control endpoints or the pages.
func (r *recording) local(method, path, body string) []byte {
	request := httptest.NewRequest(method, "http://127.0.0.1/_sandbox/"+path, strings.NewReader(body))
	request.RemoteAddr = "127.0.0.1:1"
	request.Header.Set("Accept", "text/html")
	return r.ask(longNumber.ReplaceAllString(method+" /_sandbox/"+path, "ID"), path, request)
}

// snapshot records the hash of the whole state.
func (r *recording) snapshot(name string) {
	w := httptest.NewRecorder()
	_, _ = w.Write(r.Snapshot())
	r.add("snapshot "+name, "", w)
}

// advance moves the clock.
func (r *recording) advance(by time.Duration) {
	r.now = r.now.Add(by)
	r.local("POST", "clock", `{"advance":"`+by.String()+`"}`)
}

// journey moves orders through their lives over the control endpoints and
// records what is answered.
func (r *recording) journey(t *testing.T, region string) {
	skus := r.offers(t, region, 2)
	var asked []string
	for _, to := range []string{"UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "PARTIALLY_SHIPPING", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED"} {
		for n, ask := range []string{"cancel", "return", "refund", "replace", "address", ""} {
			var placed struct {
				ID string `json:"order_id"`
			}
			body := fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":%d},{"sku_id":%q,"quantity":1}]}`, r.shop(region).ID, skus[0].ID, n%2+1, skus[1].ID)
			if err := json.Unmarshal(r.local("POST", "orders", body), &placed); err != nil {
				t.Fatal(err)
			}
			r.local("POST", "orders/"+placed.ID+"/move", `{"to":"`+to+`"}`)
			if ask != "" {
				var made struct {
					ID string `json:"id"`
				}
				_ = json.Unmarshal(r.local("POST", "orders/"+placed.ID+"/buyer", `{"ask":"`+ask+`"}`), &made)
				if made.ID != "" {
					asked = append(asked, made.ID)
				}
			}
			r.local("GET", "ui/orders/"+placed.ID, "")
		}
		r.advance(7 * time.Hour)
	}
	for i, id := range asked {
		version := []string{"approve", "reject"}[i%2]
		r.api(region, "POST", "/return_refund/202309/returns/"+id+"/"+version, "", `{"decision":"APPROVE_REFUND","reject_reason":"reverse_reject_request_reason_2"}`)
		r.api(region, "POST", "/return_refund/202309/cancellations/"+id+"/"+version, "", `{"reject_reason":"seller_reject_apply_product_has_been_packed"}`)
		for _, step := range []string{"ship", "arrive", "accept_offer", "reject_offer", "dispute", "support_buyer", "support_seller", "close_dispute", "withdraw"} {
			if i%3 != 0 || step != "withdraw" {
				r.local("POST", "aftersales/"+id, `{"do":"`+step+`"}`)
			}
		}
		r.api(region, "GET", "/return_refund/202309/returns/"+id+"/records", "", "")
		if i%5 == 0 {
			r.advance(26 * time.Hour)
		}
	}
}

// invoices ships orders in Brazil, with an invoice and without.
func (r *recording) invoices(t *testing.T, region string) {
	sku := r.offers(t, region, 1)[0].ID
	for i, verdict := range []string{"SUCCESS", "INVALID", "FAILED", ""} {
		var placed struct {
			ID string `json:"order_id"`
		}
		body := fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":1}]}`, r.shop(region).ID, sku)
		if err := json.Unmarshal(r.local("POST", "orders", body), &placed); err != nil {
			t.Fatal(err)
		}
		r.local("POST", "orders/"+placed.ID+"/move", `{"to":"AWAITING_SHIPMENT"}`)
		show := func() {
			r.api(region, "GET", "/order/202309/orders", "ids="+placed.ID, "")
			r.api(region, "GET", "/order/202507/orders", "ids="+placed.ID, "")
		}
		show()
		parcel := r.order(t, region, placed.ID).Packages[0].ID
		ship := func() { r.api(region, "POST", fulfillment+"packages/"+parcel+"/ship", "", `{}`) }
		ship()
		key := fmt.Sprintf("%044d", 35260312345678+i)
		r.api(region, "POST", "/fulfillment/202502/invoice/upload", "", fmt.Sprintf(`{"invoices":[{"package_id":%q,"order_ids":[%q],"file_type":"XML","file":%q}]}`, parcel, placed.ID, invoiceFile(key)))
		show()
		if verdict != "" {
			r.local("POST", "packages/"+parcel+"/invoice", `{"status":"`+verdict+`"}`)
		}
		r.advance(time.Minute)
		show()
		ship()
	}
}

// api asks an operation something.
func (r *recording) api(region, method, path, query, body string) {
	e := r.request(method, path, query, body)
	e.query.Set("shop_cipher", r.shop(region).Cipher)
	r.ask(longNumber.ReplaceAllString(method+" "+path, "ID"), path, e.http())
}

func (r *recording) run(t *testing.T, region string) {
	r.snapshot("of the seed")
	ops := slices.DeleteFunc(describeAll(t), func(op described) bool { return op.FullName() == leaving })
	s := newSampler(t, r.world, region)
	for _, op := range ops {
		all := s.breaks(op.Operation)
		slices.SortStableFunc(all, func(a, b broken) int { return cmp.Compare(a.what, b.what) })
		for i, b := range all {
			if i%max(1, len(all)/2) == 0 {
				r.ask(op.FullName(), b.what, s.http(b.sample))
			}
		}
		r.ask(op.FullName(), "", s.http(s.sample(op.Operation)))
	}
	r.journey(t, region)
	r.credentials = r.Credentials() // the tokens have expired
	if region == "BR" {
		r.invoices(t, region)
	}
	s = newSampler(t, r.world, region)
	for i, op := range ops {
		if i%40 == 0 {
			r.advance(5 * time.Hour)
		}
		request := s.sample(op.Operation)
		// Without the optional fields lists are full.
		for _, f := range op.Params {
			if !f.Required {
				delete(request.query, f.Name)
			}
		}
		for _, f := range op.Body {
			if !f.Required {
				delete(request.body, f.Name)
			}
		}
		r.ask(op.FullName(), "required fields", s.http(request))
	}
	for _, path := range []string{"health", "credentials", "apps", "users", "grants", "faults", "throttle", "webhooks",
		"ui/orders", "ui/products", "ui/webhooks", "ui/faults", "ui/clock", "ui/orders?status=DELIVERED"} {
		r.local("GET", path, "")
	}
	r.snapshot("at the end")
}

// Answers and states are those that were recorded, over all operations. What
// changes on purpose is recorded again with -update. TTSHOP_RECORD=FOLDER writes
// the answers, so that those of two versions can be compared.
func TestRecorded(t *testing.T) {
	t.Parallel()
	for seed, region := range recordedSeeds {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			if sandbox.UnderRace && region != "GB" {
				t.Skip("one goroutine asks: one market is enough for the race detector")
			}
			r := &recording{hashes: map[string]hash.Hash{}, counts: map[string]int{}, world: newWorld(t, func(c *sandbox.Config) { c.Seed = seed; c.Orders = 60 })}
			r.run(t, region)
			if r.count < 1200 {
				t.Errorf("only %d answers", r.count)
			}
			if folder := os.Getenv("TTSHOP_RECORD"); folder != "" {
				if err := os.WriteFile(filepath.Join(folder, region+".txt"), r.full.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			golden := filepath.Join("testdata", "recorded", region+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(r.text()), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			wanted := strings.Split(string(want), "\n")
			for _, line := range strings.Split(r.text(), "\n") {
				if !slices.Contains(wanted, line) {
					t.Errorf("answers differ from the recording: %s", line)
				}
			}
			if got := strings.Count(r.text(), "\n"); got != len(wanted)-1 {
				t.Errorf("%d kinds of answers, %d were recorded", got, len(wanted)-1)
			}
		})
	}
}

// keptState is a state file of an earlier version. It is never written again.
var keptState = filepath.Join("testdata", "state.json.gz")

// A state file of an earlier version still loads, and saving it again gives
// the same bytes for every part that it has.
func TestKeptState(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.Seed = 12; c.Orders = 10 })
	if _, err := os.Stat(keptState); err != nil && *update {
		w.change(t)
		var packed bytes.Buffer
		z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.Write(w.Snapshot()); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(keptState, packed.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(keptState)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Restore(raw); err != nil {
		t.Fatal(err)
	}
	// Parts that are kept since then come on top.
	type document struct {
		Sandbox, World map[string]json.RawMessage
		Shops          []map[string]json.RawMessage
	}
	var before, after document
	decode(t, raw, &before)
	decode(t, w.Snapshot(), &after)
	same := func(at string, before, after map[string]json.RawMessage) {
		for name, part := range before {
			if !bytes.Equal(part, after[name]) {
				t.Errorf("%s: part %q differs once it is loaded: %s", at, name, firstDifference(part, after[name]))
			}
		}
	}
	same("sandbox", before.Sandbox, after.Sandbox)
	same("world", before.World, after.World)
	for i := range before.Shops {
		same("shop "+strconv.Itoa(i), before.Shops[i], after.Shops[i])
	}
}
