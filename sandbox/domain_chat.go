package sandbox

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

// registerChat binds the operations of customer service.
func registerChat(r *registry) {
	r.shopPart(func(s *shop) part { return plain("desk", deskOf(s)) })
	r.deadline(deadlineChat, func(s *shop, d deadline) {
		if c := deskOf(s).conversation(d.ID); c != nil && c.Ends == d.At {
			endConversation(s, c, d.At)
		}
	})
	r.sample(sampleConversation)
	r.steer(
		controlEndpoint{pattern: "POST /_sandbox/conversations", help: conversationHelp, handle: postConversation},
		controlEndpoint{pattern: "POST /_sandbox/conversations/{id}/messages", help: messageHelp, handle: postBuyerMessage},
		controlEndpoint{pattern: "POST /_sandbox/conversations/{id}/end", help: conversationEndHelp, handle: postConversationEnd},
	)

	r.handle("customer_service.GetAgentSettings", getAgentSettings)
	r.handle("customer_service.UpdateAgentSettings", updateAgentSettings)
	r.handle("customer_service.GetConversations", getConversations)
	r.handle("customer_service.CreateConversation", createConversation)
	r.handle("customer_service.GetConversation", getConversation)
	r.handle("customer_service.GetConversationMessages", getMessages)
	r.handle("customer_service.SendMessage", sendMessage)
	r.handle("customer_service.ReadMessage", readMessages)
	r.handle("customer_service.UploadBuyerMessagesImage", uploadChatImage)
	r.handle("customer_service.GetCustomerServicePerformance", getChatPerformance)
}
