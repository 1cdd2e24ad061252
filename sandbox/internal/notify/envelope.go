package notify

import (
	"encoding/json"
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// envelope is the body of a webhook.
type envelope struct {
	Type           int             `json:"type"`
	NotificationID string          `json:"tts_notification_id,omitempty"`
	ShopID         string          `json:"shop_id,omitempty"`
	SellerOpenID   string          `json:"seller_open_id,omitempty"`
	CreatorOpenID  string          `json:"creator_open_id,omitempty"`
	Timestamp      int64           `json:"timestamp"`
	Data           json.RawMessage `json:"data"`
}

// restamp makes the body of another attempt: the platform stamps each one, so
// that the bytes and the signature differ while the notification is the same.
// What was late or made old by hand stays as old as it was. A body without an
// envelope has no stamp and stays as it is.
func (d *Delivery) restamp(now int64) error {
	if len(d.Attempts) == 0 {
		return nil
	}
	var content envelope
	if err := json.Unmarshal([]byte(d.Body), &content); err != nil {
		return fmt.Errorf("read the body of delivery %s: %w", d.ID, err)
	}
	if content.Data == nil {
		return nil
	}
	content.Timestamp += now - d.Attempts[len(d.Attempts)-1].Time
	d.Body = string(gate.AppendJSON(nil, content))
	return nil
}
