// Package notify sends webhooks: it knows who may hear of a shop and where, keeps
// the deliveries and repeats them. It also answers the operations of the Event
// API. What a webhook says comes from the domains.
package notify

import (
	"net/http"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Steer adds what steers the webhooks. What waits for a receiver takes the lock
// of changes itself.
func (s *Notifier) Steer(r *gate.Registry) {
	bind := func(h http.HandlerFunc) func(*gate.Gate, http.ResponseWriter, *http.Request) {
		return func(_ *gate.Gate, w http.ResponseWriter, r *http.Request) { h(w, r) }
	}
	r.Steer(
		gate.ControlEndpoint{Pattern: "GET " + webhooksPath, Help: addressesHelp, Handle: bind(s.getWebhookAddresses)},
		gate.ControlEndpoint{Pattern: "PUT " + webhooksPath, Help: addressHelp, Handle: bind(s.putWebhookAddress)},
		gate.ControlEndpoint{Pattern: "DELETE " + webhooksPath, Help: addressEndHelp, Handle: bind(s.deleteWebhookAddress)},
		gate.ControlEndpoint{Pattern: "POST " + triggerPath, Help: triggerHelp, Handle: bind(s.postTrigger), Alone: true},
		gate.ControlEndpoint{Pattern: "GET " + samplePath, Help: sampleHelp, Handle: bind(s.getSample)},
		gate.ControlEndpoint{Pattern: "GET " + deliveriesPath, Help: deliveriesHelp, Handle: bind(s.getDeliveries)},
		gate.ControlEndpoint{Pattern: "POST " + deliveriesPath + "/{id}/resend", Help: resendHelp, Handle: bind(s.postResend), Alone: true},
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

// Register binds the operations of webhooks.
func Register(r *gate.Registry) {
	r.WorldPart(func(w *world.World) keep.Part { return Of(w).part() })

	r.Handle("event.GetShopWebhooks", getWebhooks)
	r.Handle("event.UpdateShopWebhook", updateWebhook)
	r.Handle("event.DeleteShopWebhook", deleteWebhook)
	r.Limit("event_type", gate.Limit{Listed: true}, "event.UpdateShopWebhook", "event.DeleteShopWebhook")
}
