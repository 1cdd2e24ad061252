package gate

// RegisterControl adds what steers the gate itself.
func RegisterControl(r *Registry) {
	r.Steer(
		ControlEndpoint{Pattern: "GET /_sandbox/throttle", Help: throttleHelp, Handle: (*Gate).getThrottle},
		ControlEndpoint{Pattern: "PUT /_sandbox/throttle", Handle: (*Gate).putThrottle},
		ControlEndpoint{Pattern: "GET /_sandbox/lists", Help: listsHelp, Handle: (*Gate).getLists},
		ControlEndpoint{Pattern: "PUT /_sandbox/lists", Handle: (*Gate).putLists},
		ControlEndpoint{Pattern: "GET /_sandbox/faults", Help: faultsHelp, Handle: (*Gate).getFaults},
		ControlEndpoint{Pattern: "POST /_sandbox/faults", Help: faultHelp, Handle: (*Gate).postFault},
		ControlEndpoint{Pattern: "DELETE /_sandbox/faults/{id}", Help: faultEndHelp, Handle: (*Gate).deleteFault},
	)
}

const (
	throttleHelp = `GET    /_sandbox/throttle        what is granted per second; PUT {"rate":50,"rules":[{"shop_id":…,"rate":1}]}
`
	listsHelp = `GET    /_sandbox/lists           how lists behave; PUT {"rules":[{"operation":"order.*","paging":"offset","lag":"30s",
                                 "jitter":"1m","late":"old","total_error":-2}],"order_detail_fields":true,"blank_address_days":90}
`
	faultsHelp = `GET    /_sandbox/faults          the faults in force
`
	faultHelp = `POST   /_sandbox/faults          {"match":{"method":…,"path":…},"next":3,"then":{"status":429,"code":36009002}}
                                 match also operation, shop_id, app_key; "probability":0.1 instead of next;
                                 then also {"token":"expired"}, {"delay":"2s"}, {"cut":"before|body|after_work"}
`
	faultEndHelp = `DELETE /_sandbox/faults/{id}     ends a fault
`
)
