// Package customerservice has the conversations of buyers with a shop.
package customerservice

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// deadlineChat is the kind of the deadline at which a conversation has fallen
// silent.
const deadlineChat = "chat"

const (
	conversationHelp = `POST   /_sandbox/conversations   {"shop_id":…}: a buyer turns to the customer service
                                 optional: "buyer_user_id", "order_id" or "product_id" where the buyer came from, "text"
`
	messageHelp = `POST   /_sandbox/conversations/{id}/messages  {"text":…} or {"type":"PRODUCT_CARD","content":{"product_id":…}}: the buyer writes
`
	conversationEndHelp = `POST   /_sandbox/conversations/{id}/end       {"rating":5}: the buyer has no more questions; a rating is not needed
`
)

// Register binds the operations of customer service.
func Register(r *gate.Registry) {
	r.ShopPart(func(s *world.Shop) keep.Part { return keep.Plain("desk", Of(s)) })
	r.ShopCheck(checkShop)
	r.Deadline(deadlineChat, func(s *world.Shop, d world.Deadline) {
		if c := Of(s).conversation(d.ID); c != nil && c.Ends == d.At {
			endConversation(s, c, d.At)
		}
	})
	r.Sample(sampleConversation)
	r.Steer(
		gate.ControlEndpoint{Pattern: "POST /_sandbox/conversations", Help: conversationHelp, Handle: postConversation},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/conversations/{id}/messages", Help: messageHelp, Handle: postBuyerMessage},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/conversations/{id}/end", Help: conversationEndHelp, Handle: postConversationEnd},
	)

	r.Read("customer_service.GetAgentSettings", getAgentSettings)
	r.Write("customer_service.UpdateAgentSettings", updateAgentSettings)
	r.Write("customer_service.GetConversations", getConversations)
	r.Write("customer_service.CreateConversation", createConversation)
	r.Write("customer_service.GetConversationMessages", getMessages)
	r.Write("customer_service.SendMessage", sendMessage)
	r.Write("customer_service.SendMessageV202606", sendMessageAs)
	r.Limit("type", gate.Limit{Listed: true}, "customer_service.SendMessage", "customer_service.SendMessageV202606")
	r.Write("customer_service.ReadMessage", readMessages)
	r.Handle("customer_service.UploadBuyerMessagesImage", media.UploadMessageImage)
	r.Read("customer_service.GetCustomerServicePerformance", getChatPerformance)

	// The request may leave the shop out; an id says which one to lock.
	r.Handle("customer_service.GetConversation", getConversation)
}
