package customerservice

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// sampleConversation names the last conversation for samples of webhooks.
// Creators have conversations too, of which the shop knows nothing.
func sampleConversation(s *world.Shop, t event.Type) map[string][]string {
	own := map[string][]string{}
	if n := len(Of(s).Conversations); n > 0 && t.Domain() == event.TypeNewMessage.Domain() {
		c := Of(s).Conversations[n-1]
		own["conversation_id"] = []string{c.ID}
		own["im_user_id"] = []string{c.BuyerIM}
		if last := len(c.Messages); last > 0 {
			own["message_id"], own["index"] = []string{c.Messages[last-1].ID}, []string{c.Messages[last-1].Index}
		}
	}
	return own
}
