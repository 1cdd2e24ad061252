package depcheck

import (
	"slices"
	"strings"
	"testing"
)

// roomRow is a room of the sandbox with the rooms that it stands on. It may
// import those and whatever they stand on in turn.
type roomRow struct {
	name   string   // below sandbox/internal
	on     []string // rooms of earlier rows
	reason string
}

// rooms lists the rooms of the sandbox, the lowest first: a row may name rows
// above it only, so that no import runs upward.
var rooms = []roomRow{
	{"wire", nil, "queries, signatures and strict JSON know nothing of the platform"},
	{"paper", nil, "documents are drawn from plain values"},
	{"market", nil, "countries, money and carriers are facts"},
	{"invent", []string{"wire"}, "what is made up follows from a seed alone"},
	{"keep", []string{"invent"}, "a snapshot's parts know random sequences and no domain"},
	{"world", []string{"keep", "market"}, "shops have a lock, an identity and a queue of deadlines; what is in them belongs to domains"},
	{"authority", []string{"world", "wire"}, "users, grants and tokens stand under a lock of their own"},
	{"gate", []string{"authority"}, "a request is checked the same way whatever domain answers it"},
	{"notify", []string{"gate"}, "domains say what happened; who hears of it is not their concern"},
	{"domain/media", []string{"gate"}, "images and files are there before what shows them"},
	{"domain/category", []string{"domain/media"}, "the tree and the brands come before products"},
	{"domain/compliance", []string{"domain/category"}, "manufacturers, responsible persons and size charts are referred to by products"},
	{"domain/logistics", []string{"gate"}, "warehouses and carriers do not know what is sent"},
	{"domain/product", []string{"domain/compliance"}, "a product knows its category, its images and its papers, and no order"},
	{"domain/stock", []string{"domain/product"}, "stock is that of products, whoever moves it"},
	{"domain/fbt", []string{"domain/product"}, "goods in the platform's warehouses are matched with SKUs; orders do not take from them"},
	{"domain/promotion", []string{"domain/product"}, "promotions name products, and know no order"},
	{"domain/trade", []string{"domain/stock", "domain/logistics", "domain/promotion"}, "the machine of orders, packages, cancellations, returns and refunds moves goods"},
	{"domain/order", []string{"domain/trade"}, "operations on orders ask the machine"},
	{"domain/fulfillment", []string{"domain/trade", "paper"}, "operations on packages ask the machine, and draw labels"},
	{"domain/returnrefund", []string{"domain/fulfillment"}, "operations on cancellations and returns ask the machine; addresses are shown as those of packages are"},
	{"domain/globalproduct", []string{"domain/stock", "domain/logistics"}, "a global product is published to products"},
	{"domain/affiliate", []string{"domain/trade", "domain/promotion"}, "creators promote products and earn from orders"},
	{"domain/affiliatechat", []string{"domain/affiliate"}, "shops and creators talk about products, invitations and samples"},
	{"domain/affiliatepartner", []string{"domain/affiliate"}, "campaigns show products beside what is offered to creators"},
	{"domain/finance", []string{"domain/affiliate"}, "statements follow from orders and from what creators earn of them"},
	{"domain/analytics", []string{"domain/affiliate"}, "figures follow from orders and from what creators sold"},
	{"domain/customerservice", []string{"domain/trade", "domain/promotion"}, "buyers talk about orders, products and coupons"},
	{"shape", []string{"domain/trade"}, "what no domain answers is made up from what the shop has"},
	{"login", []string{"notify"}, "a consent gives and takes grants, and apps hear of it"},
	{"pages", []string{"domain/finance", "domain/analytics", "domain/customerservice", "notify"}, "pages for people read what is there and act through the control endpoints"},
	{"fixture", []string{"domain/affiliate"}, "data of a user's own goes through the domains"},
	{"wiring", []string{"domain/order", "domain/returnrefund", "domain/globalproduct", "domain/finance", "domain/analytics", "domain/affiliatechat", "domain/affiliatepartner", "domain/customerservice", "domain/fbt", "shape", "login"}, "who registers and who seeds stands in one place, for the sandbox and for the tests of rooms"},
}

// below returns the rooms that a room may import.
func below(name string) map[string]bool {
	may := map[string]bool{}
	i := slices.IndexFunc(rooms, func(r roomRow) bool { return r.name == name })
	for _, on := range rooms[i].on {
		may[on] = true
		for deeper := range below(on) {
			may[deeper] = true
		}
	}
	return may
}

// outside is what rooms may import of this project besides rooms.
var outside = []string{"catalog", "webhook/event", "sandbox/control"}

// TestRooms holds the rooms of the sandbox to the table.
func TestRooms(t *testing.T) {
	t.Parallel()
	const prefix = "sandbox/internal/"
	known := map[string]bool{}
	for _, row := range rooms {
		for _, on := range row.on {
			if !known[on] {
				t.Fatalf("%s stands on %s, which comes later in the table or not at all", row.name, on)
			}
		}
		known[row.name] = true
	}
	seen := map[string]bool{}
	for _, p := range list(t) {
		name, ok := strings.CutPrefix(p.path, prefix)
		if !ok {
			continue
		}
		i := slices.IndexFunc(rooms, func(r roomRow) bool { return r.name == name })
		if i < 0 {
			t.Errorf("no row for the room %q: add one to the table with the reason", name)
			continue
		}
		seen[name] = true
		may := below(name)
		for _, imported := range p.imports {
			path, ours := strings.CutPrefix(imported, module+"/")
			if !ours && imported != module {
				continue
			}
			if room, inside := strings.CutPrefix(path, prefix); inside && may[room] || slices.Contains(outside, path) {
				continue
			}
			t.Errorf("the room %q imports %q: %s", name, path, rooms[i].reason)
		}
	}
	for _, row := range rooms {
		if !seen[row.name] {
			t.Errorf("there is no longer a room %q: remove its row", row.name)
		}
	}
}
