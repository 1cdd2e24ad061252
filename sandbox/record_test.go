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
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// update writes the recordings again.
var update = flag.Bool("update", false, "write the recorded hashes again")

// recordedSeeds are the worlds whose answers are recorded, with the market
// that each is asked about.
var recordedSeeds = map[uint64]string{3: "US", 7: "GB", 41: "VN"}

// recording keeps a hash per line of what a sandbox answered, and the answers
// themselves where TTSHOP_RECORD names a folder.
type recording struct {
	*world
	hashes bytes.Buffer
	full   bytes.Buffer
	count  int
}

// add records one answer under a name.
func (r *recording) add(name string, w *httptest.ResponseRecorder) {
	r.count++
	var kept bytes.Buffer
	fmt.Fprintf(&kept, "%d %s %s\n", w.Code, w.Header().Get("Content-Type"), w.Header().Get("X-Sandbox-Source"))
	kept.Write(w.Body.Bytes())
	sum := sha256.Sum256(kept.Bytes())
	fmt.Fprintf(&r.hashes, "%s %s\n", hex.EncodeToString(sum[:6]), name)
	fmt.Fprintf(&r.full, "## %s\n%s\n", name, kept.Bytes())
}

func (r *recording) ask(name string, request *http.Request) []byte {
	w := httptest.NewRecorder()
	r.ServeHTTP(w, request)
	r.add(name, w)
	return w.Body.Bytes()
}

// local asks something of the control endpoints or the pages.
func (r *recording) local(method, path, body string) []byte {
	request := httptest.NewRequest(method, "http://127.0.0.1/_sandbox/"+path, strings.NewReader(body))
	request.RemoteAddr = "127.0.0.1:1"
	request.Header.Set("Accept", "text/html")
	return r.ask(method+" /_sandbox/"+path, request)
}

// snapshot records the hash of the whole state.
func (r *recording) snapshot(name string) {
	w := httptest.NewRecorder()
	_, _ = w.Write(r.Snapshot())
	r.add("snapshot "+name, w)
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

// api asks an operation something.
func (r *recording) api(region, method, path, query, body string) {
	e := r.request(method, path, query, body)
	e.query.Set("shop_cipher", r.shop(region).Cipher)
	r.ask(method+" "+path, e.http())
}

func (r *recording) run(t *testing.T, region string) {
	r.snapshot("of the seed")
	ops := describeAll(t)
	s := newSampler(t, r.world, region)
	for _, op := range ops {
		all := s.breaks(op.Operation)
		slices.SortStableFunc(all, func(a, b broken) int { return cmp.Compare(a.what, b.what) })
		for i, b := range all {
			if i%max(1, len(all)/2) == 0 {
				r.ask(op.FullName()+" "+b.what, s.http(b.sample))
			}
		}
		r.ask(op.FullName(), s.http(s.sample(op.Operation)))
	}
	r.journey(t, region)
	r.credentials = r.Credentials() // the tokens have expired
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
		r.ask(op.FullName()+" required fields", s.http(request))
	}
	for _, path := range []string{"health", "credentials", "apps", "users", "grants", "faults", "throttle", "webhooks",
		"ui/orders", "ui/products", "ui/webhooks", "ui/faults", "ui/clock", "ui/orders?status=DELIVERED"} {
		r.local("GET", path, "")
	}
	r.snapshot("at the end")
}

// Answers and states are those that were recorded, over all operations. What
// changes on purpose is recorded again with -update.
func TestRecorded(t *testing.T) {
	t.Parallel()
	for seed, region := range recordedSeeds {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			r := &recording{world: newWorld(t, func(c *sandbox.Config) { c.Seed = seed; c.Orders = 60 })}
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
				if err := os.WriteFile(golden, r.hashes.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			got, wanted := strings.Split(r.hashes.String(), "\n"), strings.Split(string(want), "\n")
			different := 0
			for i := range max(len(got), len(wanted)) {
				switch {
				case i >= len(got):
					t.Fatalf("answers are missing from %q on", wanted[i])
				case i >= len(wanted):
					t.Fatalf("unrecorded answers from %q on", got[i])
				case got[i] != wanted[i]:
					if different++; different <= 10 {
						t.Errorf("%s\nwas recorded as\n%s", got[i], wanted[i])
					}
				}
			}
			if different > 0 {
				t.Errorf("%d of %d answers differ from the recording", different, len(wanted))
			}
		})
	}
}

// keptState is a state file of an earlier version. It is never written again.
var keptState = filepath.Join("testdata", "state.json.gz")

// A state file of an earlier version still loads, and saving it again gives
// the same bytes.
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
	if again := w.Snapshot(); !bytes.Equal(raw, again) {
		t.Errorf("the state differs once it is loaded: %s", firstDifference(raw, again))
	}
}
