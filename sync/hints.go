package sync

import (
	"context"
	"fmt"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// A Hint says that something about a shop has changed.
type Hint struct {
	Shop string
	Type event.Type
	Data []byte // of the webhook; only ids are read
}

// hinted says which stream an event is about, and which member of its data has the id.
var hinted = map[event.Type]struct{ stream, id string }{
	event.TypeOrderStatusChange:        {"orders", "order_id"},
	event.TypeRecipientAddressUpdate:   {"orders", "order_id"},
	event.TypePackageUpdate:            {"packages", "package_id"},
	event.TypeProductStatusChange:      {"products", "product_id"},
	event.TypeProductInformationChange: {"products", "product_id"},
	event.TypeProductCreation:          {"products", "product_id"},
	event.TypeProductCategoryChange:    {"products", "product_id"},
	event.TypeProductAuditStatusChange: {"products", "product_id"},
	event.TypeCancellationStatusChange: {"cancellations", "cancel_id"},
	event.TypeReturnStatusChange:       {"returns", "return_id"},
	event.TypeInventoryStatusChange:    {"inventory", "sku_id"},
	event.TypeInventoryChanged:         {"inventory", "sku_id"},
	event.TypeActivityStatusChange:     {"activity_products", "activity_id"},
	event.TypeNewConversation:          {"messages", "conversation_id"},
	event.TypeNewMessage:               {"messages", "conversation_id"},
}

// Marks returns the ids that a hint is about. There are none where the copy has no
// table for it; the next turn finds the change then.
func (e *Engine) Marks(h Hint) []Todo {
	about, ok := hinted[h.Type]
	if !ok {
		return nil
	}
	s := streamOf(e.streams, about.stream)
	if s == nil || s.Name != about.stream {
		return nil
	}
	data, err := parseJSON(h.Data)
	if err != nil {
		return nil // the next turn finds the change
	}
	if id := data.get(about.id).text(); id != "" && id != "0" {
		return []Todo{{Stream: about.stream, ID: id, Reason: "hint", Mark: 1}}
	}
	return nil
}

// Note stores hints about a shop, so that its next turn begins with them. Afterwards
// the events that they came with can be acknowledged.
func (e *Engine) Note(ctx context.Context, shop string, hints []Hint) (int, error) {
	var marks []Todo
	for _, h := range hints {
		if h.Shop == shop {
			marks = append(marks, e.Marks(h)...)
		}
	}
	if len(marks) == 0 {
		return 0, nil
	}
	if err := e.to.Mark(ctx, shop, marks); err != nil {
		return 0, fmt.Errorf("sync: note hints: %w", err)
	}
	return len(marks), nil
}
