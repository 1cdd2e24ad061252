package mcp_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/mcp"
)

// desk is a server with a person: what they decide, and what was sent.
type desk struct {
	*world
	platform  *watched
	approvals *mcp.Approvals
	audit     *memoryAudit
	clock     *clock
	config    mcp.Config
	shop      string
	product   string
	sku       string
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) advance(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

type memoryAudit struct {
	mu      sync.Mutex
	records []mcp.Record
	fails   bool
}

func (a *memoryAudit) Record(r mcp.Record) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.fails {
		return errors.New("the disk is full")
	}
	a.records = append(a.records, r)
	return nil
}

func (a *memoryAudit) text(t *testing.T) string {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	b, err := json.Marshal(a.records)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	w := newWorld(t)
	approvals, err := mcp.OpenApprovals(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{world: w, platform: watch(mcp.Fleet(w.fleet)), approvals: approvals, audit: new(memoryAudit), clock: &clock{at: time.Now()}, shop: w.shopIn(t, "GB")}
	d.config = mcp.Config{Platform: d.platform, AllowWrites: true, CustomerService: true, Approvals: approvals, Audit: d.audit, Now: d.clock.now}
	products := use(t, client(t, d.config, nil), "find_products", args{"shop": d.shop, "status": "ACTIVATE", "limit": 1})
	p := list(products.Data["products"])[0].(map[string]any)
	d.product = p["id"].(string)
	d.sku = list(p["skus"])[0].(map[string]any)["id"].(string)
	return d
}

// stock plans to set the stock.
func (d *desk) stock(t *testing.T, session *sdk.ClientSession, n int) answer {
	t.Helper()
	var warehouse string
	a := use(t, session, "call_operation", args{"operation": "product.InventorySearch", "shop": d.shop, "params": args{"product_ids": []string{d.product}}})
	b, _ := json.Marshal(a.Data)
	if i := strings.Index(string(b), `"warehouse_id":"`); i >= 0 {
		warehouse, _, _ = strings.Cut(string(b)[i+len(`"warehouse_id":"`):], `"`)
	}
	return use(t, session, "plan_write", args{"operation": "product.UpdateInventory", "shop": d.shop, "params": args{
		"product_id": d.product, "skus": []any{args{"id": d.sku, "inventory": []any{args{"warehouse_id": warehouse, "quantity": n}}}},
	}})
}

func (d *desk) nothingSent(t *testing.T, after string) {
	t.Helper()
	if sent := d.platform.sent(); len(sent) > 0 {
		t.Fatalf("after %s %v was sent", after, sent)
	}
}

func TestPersonApproves(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	session := client(t, d.config, nil)
	plan := d.stock(t, session, 41)
	if plan.IsError || plan.Data["approval"] != "person" || plan.Data["risk"] != "stock" {
		t.Fatal(plan.Raw)
	}
	apply := args{"plan": plan.Data["plan"]}
	for range 3 {
		if a := use(t, session, "apply_write", apply); a.Data["status"] != "waiting" || !strings.Contains(a.Text, "ttshop mcp approve") {
			t.Fatal(a.Raw)
		}
	}
	waiting, err := d.approvals.List(d.clock.now())
	if err != nil || len(waiting) != 1 {
		t.Fatal(waiting, err)
	}
	if w := waiting[0]; w.Operation != "product.UpdateInventory" || !strings.Contains(string(w.Body), `"quantity":41`) && !strings.Contains(string(w.Body), `"quantity": 41`) || w.Shop.ID != d.shop {
		t.Fatalf("the person is shown %+v", w)
	}
	d.nothingSent(t, "waiting")
	if err := d.approvals.Decide(waiting[0], true); err != nil {
		t.Fatal(err)
	}
	if err := d.approvals.Decide(waiting[0], false); err == nil {
		t.Error("a second decision was taken")
	}
	if a := use(t, session, "apply_write", apply); a.IsError || a.Data["status"] != "sent" {
		t.Fatal(a.Raw)
	}
	if a := use(t, session, "apply_write", apply); a.failure() != "plan" {
		t.Errorf("a plan was applied twice: %s", a.Raw)
	}
	if sent := d.platform.sent(); len(sent) != 1 {
		t.Errorf("sent %v", sent)
	}
	a := use(t, session, "call_operation", args{"operation": "product.InventorySearch", "shop": d.shop, "params": args{"sku_ids": []string{d.sku}}})
	if !strings.Contains(a.Raw, ":41") {
		t.Errorf("the stock was not set: %s", a.Raw)
	}
	// The audit knew before the platform.
	var order []string
	for _, r := range d.audit.records {
		if r.Write {
			order = append(order, r.Event+r.Outcome)
		}
	}
	if got := strings.Join(order, " "); !strings.HasSuffix(got, "waiting sending ok refused") && !strings.Contains(got, "sending ok") {
		t.Errorf("the audit has %s", got)
	}
}

func TestPersonRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	session := client(t, d.config, nil)
	plan := d.stock(t, session, 41)
	use(t, session, "apply_write", args{"plan": plan.Data["plan"]})
	waiting, err := d.approvals.List(d.clock.now())
	if err != nil || len(waiting) != 1 {
		t.Fatal(waiting, err)
	}
	if err := d.approvals.Decide(waiting[0], false); err != nil {
		t.Fatal(err)
	}
	if a := use(t, session, "apply_write", args{"plan": plan.Data["plan"]}); a.failure() != "refused" {
		t.Error(a.Raw)
	}
	if a := use(t, session, "apply_write", args{"plan": plan.Data["plan"]}); a.failure() != "plan" {
		t.Error(a.Raw)
	}
	d.nothingSent(t, "a refusal")
}

// A decision about another request, or one that stands for nothing, approves nothing.
func TestDecisionIsAboutTheRequest(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	session := client(t, d.config, nil)
	plan := d.stock(t, session, 41)
	use(t, session, "apply_write", args{"plan": plan.Data["plan"]})
	waiting, err := d.approvals.List(d.clock.now())
	if err != nil || len(waiting) != 1 {
		t.Fatal(waiting, err)
	}
	waiting[0].Hash = strings.Repeat("0", 64)
	if err := d.approvals.Decide(waiting[0], true); err != nil {
		t.Fatal(err)
	}
	if a := use(t, session, "apply_write", args{"plan": plan.Data["plan"]}); a.failure() != "approval" {
		t.Error(a.Raw)
	}
	d.nothingSent(t, "a decision about something else")
}

func TestApprovedAhead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.config.Ahead, d.config.AheadPerHour, d.config.WritesPerHour = []mcp.Risk{mcp.RiskStock}, 2, 3
	session := client(t, d.config, nil)
	for i := range 2 {
		plan := d.stock(t, session, 10+i)
		if plan.Data["approval"] != "ahead" {
			t.Fatal(plan.Raw)
		}
		if a := use(t, session, "apply_write", args{"plan": plan.Data["plan"]}); a.Data["status"] != "sent" {
			t.Fatal(a.Raw)
		}
	}
	third := d.stock(t, session, 30)
	if third.Data["approval"] != "person" {
		t.Errorf("over the limit a person is not needed: %s", third.Raw)
	}
	price := use(t, session, "plan_write", args{"operation": "product.UpdatePrice", "shop": d.shop, "params": args{"product_id": d.product, "skus": []any{args{"id": d.sku, "price": args{"amount": "1", "currency": "GBP"}}}}})
	if price.Data["approval"] != "person" || price.Data["risk"] != "price" {
		t.Errorf("a price is approved ahead: %s", price.Raw)
	}
	// All writes of the hour have a limit, too.
	use(t, session, "apply_write", args{"plan": third.Data["plan"]})
	use(t, session, "apply_write", args{"plan": price.Data["plan"]})
	approveAll(t, d.approvals)
	if a := use(t, session, "apply_write", args{"plan": third.Data["plan"]}); a.Data["status"] != "sent" {
		t.Error(a.Raw)
	}
	if a := use(t, session, "apply_write", args{"plan": price.Data["plan"]}); a.failure() != "limit" {
		t.Errorf("the fourth write of the hour: %s", a.Raw)
	}
	d.clock.advance(time.Hour)
	if a := d.stock(t, session, 5); a.Data["approval"] != "ahead" {
		t.Errorf("after an hour: %s", a.Raw)
	}
}

func TestOnlyStockAndTrackingAhead(t *testing.T) {
	t.Parallel()
	for _, risk := range []mcp.Risk{"price", "refund", "deletion", "message", "other", ""} {
		if _, err := mcp.New(mcp.Config{Platform: watch(nil), Ahead: []mcp.Risk{risk}}); err == nil {
			t.Errorf("%q can be approved ahead", risk)
		}
	}
	known := new(catalog.Catalog)
	ahead := map[string]bool{}
	for _, e := range known.Operations("") {
		op, err := known.Describe(e)
		if err != nil {
			t.Fatal(err)
		}
		risk := mcp.RiskOf(op)
		if op.Write != (risk != "") {
			t.Errorf("%s: write %t, risk %q", e.FullName(), op.Write, risk)
		}
		if risk == "other" {
			t.Errorf("%s has no risk: add it to risks.json", e.FullName())
		}
		if risk == mcp.RiskStock || risk == mcp.RiskTracking {
			ahead[e.FullName()] = true
			if !strings.Contains(e.Name, "Inventory") && !strings.Contains(e.Name, "Track") && !strings.Contains(e.Name, "Shipp") {
				t.Errorf("%s may be approved ahead", e.FullName())
			}
		}
		if e.Domain == "return_refund" && op.Write && risk != "refund" || e.Domain == "customer_service" && op.Write && risk != "message" {
			t.Errorf("%s has the risk %s", e.FullName(), risk)
		}
	}
	if len(ahead) < 5 || len(ahead) > 12 {
		t.Errorf("%d operations can be approved ahead: %v", len(ahead), ahead)
	}
}

// What cannot be recorded is not written; reads go on.
func TestNoWriteWithoutAudit(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.config.Ahead = []mcp.Risk{mcp.RiskStock}
	session := client(t, d.config, nil)
	plan := d.stock(t, session, 3)
	d.audit.fails = true
	if a := use(t, session, "apply_write", args{"plan": plan.Data["plan"]}); a.failure() != "audit" {
		t.Error(a.Raw)
	}
	d.nothingSent(t, "an audit that fails")
	if a := use(t, session, "find_orders", args{"shop": d.shop}); a.IsError {
		t.Error(a.Raw)
	}
}

// Of many that apply a plan at once, one sends it.
func TestOneOfMany(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.config.Ahead, d.config.AheadPerHour = []mcp.Risk{mcp.RiskStock}, 100
	server, err := mcp.New(d.config)
	if err != nil {
		t.Fatal(err)
	}
	session := connect(t, server, nil)
	plan := d.stock(t, session, 3)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			_, err := session.CallTool(context.Background(), &sdk.CallToolParams{Name: "apply_write", Arguments: args{"plan": plan.Data["plan"]}})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if sent := d.platform.sent(); len(sent) != 1 {
		t.Errorf("sent %v", sent)
	}
}
