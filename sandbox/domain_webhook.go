package sandbox

import "net/http"

// steer adds what steers the webhooks. What waits for a receiver takes the lock
// of changes itself.
func (s *notifier) steer(r *registry) {
	bind := func(h http.HandlerFunc) func(*gatehouse, http.ResponseWriter, *http.Request) {
		return func(_ *gatehouse, w http.ResponseWriter, r *http.Request) { h(w, r) }
	}
	r.steer(
		controlEndpoint{pattern: "GET " + webhooksPath, help: addressesHelp, handle: bind(s.getWebhookAddresses)},
		controlEndpoint{pattern: "PUT " + webhooksPath, help: addressHelp, handle: bind(s.putWebhookAddress)},
		controlEndpoint{pattern: "DELETE " + webhooksPath, help: addressEndHelp, handle: bind(s.deleteWebhookAddress)},
		controlEndpoint{pattern: "POST " + triggerPath, help: triggerHelp, handle: bind(s.postTrigger), alone: true},
		controlEndpoint{pattern: "GET " + samplePath, help: sampleHelp, handle: bind(s.getSample)},
		controlEndpoint{pattern: "GET " + deliveriesPath, help: deliveriesHelp, handle: bind(s.getDeliveries)},
		controlEndpoint{pattern: "POST " + deliveriesPath + "/{id}/resend", help: resendHelp, handle: bind(s.postResend), alone: true},
	)
}

const (
	addressesHelp = `                                 faults of webhooks: {"match":{"webhook":TYPE},"then":{"webhook":"duplicate|late|forged"}}
GET    /_sandbox/webhooks        the addresses of an app, for all shops and for each; ?app_key=KEY, else the first app
`
	addressHelp = `PUT    /_sandbox/webhooks        {"address":URL,"types":[1,5],"app_key":KEY} for all shops; no types are all
`
	addressEndHelp = `DELETE /_sandbox/webhooks        takes that address away; ?app_key=KEY
`
	triggerHelp = `POST   /_sandbox/webhooks/trigger     {"type":1,"shop_id":ID,"data":{…},"to":URL,"app_key":KEY}; only type is needed
                                 optional: "age":"13h", sent so long ago; "forged":true, wrongly signed
`
	sampleHelp = `GET    /_sandbox/webhooks/sample the data that a trigger sends by itself; ?type=N&shop_id=ID
`
	deliveriesHelp = `GET    /_sandbox/webhooks/deliveries  the log, newest first; ?limit=N&type=N&status=STATUS&shop_id=ID
`
	resendHelp = `POST   /_sandbox/webhooks/deliveries/{id}/resend
`
)

// registerWebhook binds the operations of webhooks.
func registerWebhook(r *registry) {
	r.worldPart(func(w *world) part { return webhooksOf(w).part() })

	r.handle("event.GetShopWebhooks", getWebhooks)
	r.handle("event.UpdateShopWebhook", updateWebhook)
	r.handle("event.DeleteShopWebhook", deleteWebhook)
}
