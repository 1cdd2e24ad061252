package sandbox

// registerWebhook binds the operations of webhooks.
func registerWebhook(r *registry) {
	r.handle("event.GetShopWebhooks", getWebhooks)
	r.handle("event.UpdateShopWebhook", updateWebhook)
	r.handle("event.DeleteShopWebhook", deleteWebhook)
}
