package sandbox

// registerChat binds the operations of customer service.
func registerChat(r *registry) {
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
