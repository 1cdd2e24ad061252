package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// What time brings is announced in the order in which it happens and at its own
// time, whoever looks when. What was announced is kept beside the test.
func TestAnnouncementsOfTime(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	for _, region := range regions {
		w := newWorld(t, func(c *sandbox.Config) { c.AuditDelay = 2 * time.Hour })
		w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
		w.steer(t, "PUT", "webhooks", `{"address":"http://127.0.0.1:1/"}`, http.StatusOK)
		began := w.now
		last := 0
		tell := func(step string) {
			var log struct {
				Deliveries []struct {
					ID         string
					ShopID     string `json:"shop_id"`
					Topic      string
					CreateTime int64 `json:"create_time"`
					Body       string
				}
			}
			decode(t, w.steer(t, "GET", "webhooks/deliveries?limit=4000", "", http.StatusOK), &log)
			fmt.Fprintf(&said, "%s: %s\n", region, step)
			slices.Reverse(log.Deliveries)
			others := 0
			count := func() {
				if others > 0 {
					fmt.Fprintf(&said, "  %d about orders and stock\n", others)
				}
				others = 0
			}
			for _, d := range log.Deliveries[last:] {
				if !strings.HasPrefix(d.Topic, "PRODUCT_") && !strings.HasPrefix(d.Topic, "ACTIVITY_") {
					others++
					continue
				}
				count()
				var body struct{ Data map[string]any }
				if err := json.Unmarshal([]byte(d.Body), &body); err != nil {
					t.Fatal(err)
				}
				for name, value := range body.Data {
					switch v := value.(type) {
					case float64:
						if at := int64(v) - began.Unix(); at > -1e8 && at < 1e8 {
							body.Data[name] = (time.Duration(at) * time.Second).String()
						}
					case string, bool:
					default:
						delete(body.Data, name)
					}
				}
				raw, err := json.Marshal(body.Data)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&said, "  at %v %s %s\n", time.Duration(d.CreateTime-began.Unix())*time.Second, d.Topic, raw)
			}
			count()
			last = len(log.Deliveries)
		}
		p := w.withStatus(t, region, "ACTIVATE")
		id := w.create(t, region, w.newDraft(t, region))
		w.call(t, region, "POST", productsPath+"/"+p.ID+"/partial_edit", "", `{"title":"Another title of the same mug"}`).into(t, &struct{}{})
		other := w.withStatus(t, region, "ACTIVATE")
		sale := w.promote(t, region, "DIRECT_DISCOUNT", "PRODUCT", "By the clock").ID
		w.call(t, region, "PUT", activitiesPath+"/"+sale+"/products", "", `{"activity_id":"`+sale+`","products":[{"id":"`+other.ID+`","discount":"5","quantity_limit":-1,"quantity_per_user":2}]}`)
		w.place(t, region, "", 1)
		w.move(t, w.place(t, region, "", 1), "AWAITING_SHIPMENT")
		tell("things begin")
		w.advance(t, "90m")
		tell("90 minutes later")
		w.product(t, region, id, "")
		w.advance(t, "50m")
		w.product(t, region, id, "")
		tell("50 minutes later, and a look at the product")
		w.advance(t, "40h")
		tell("40 hours later")
		w.advance(t, "200h")
		tell("200 hours later")
	}
	golden := filepath.Join("testdata", "announcements.txt")
	if *update {
		if err := os.WriteFile(golden, said.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := said.String(); got != string(want) {
		for i, line := range strings.Split(got, "\n") {
			if lines := strings.Split(string(want), "\n"); i >= len(lines) || lines[i] != line {
				t.Fatalf("line %d is %q, the file has another", i+1, line)
			}
		}
		t.Fatal("announcements are missing")
	}
}
