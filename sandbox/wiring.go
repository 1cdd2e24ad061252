package sandbox

// routes lists all operations of the catalogue: those with state, which the
// domains bind, and the rest, which is answered from the shape of its result.
func routes() []*route {
	r := newRegistry()
	for _, register := range []func(*registry){
		registerLogin,
		registerWebhook,
		registerFinance,
		registerPromotion,
		registerChat,
		registerAffiliate,
		registerAnalytics,
		registerLogistics,
		registerOrder,
		registerFulfil,
		registerAftersale,
		registerCategory,
		registerMedia,
		registerProduct,
		registerStock,
		registerCompliance,
		registerGlobal,
	} {
		register(r)
	}
	return r.all()
}
