package sandbox

// newWiring lets everything register that has operations, control endpoints or
// state. Control endpoints stand in the overview in this order. Operations that
// nobody binds are answered from the shape of their result.
func newWiring() *registry {
	r := newRegistry(answerFromShape)
	for _, register := range []func(*registry){
		registerGate,
		registerLogin,
		registerOrder,
		registerChat,
		registerWebhook,
		registerFinance,
		registerPromotion,
		registerAffiliate,
		registerAnalytics,
		registerLogistics,
		registerTrade,
		registerFulfil,
		registerAftersale,
		registerCategory,
		registerMedia,
		registerProduct,
		registerStock,
		registerCompliance,
		registerGlobal,
		registerShape,
	} {
		register(r)
	}
	return r
}
