package sandbox

// registerGate adds what steers the gate itself.
func registerGate(r *registry) {
	r.steer(
		controlEndpoint{pattern: "GET /_sandbox/throttle", help: throttleHelp, handle: (*gatehouse).getThrottle},
		controlEndpoint{pattern: "PUT /_sandbox/throttle", handle: (*gatehouse).putThrottle},
		controlEndpoint{pattern: "GET /_sandbox/faults", help: faultsHelp, handle: (*gatehouse).getFaults},
		controlEndpoint{pattern: "POST /_sandbox/faults", help: faultHelp, handle: (*gatehouse).postFault},
		controlEndpoint{pattern: "DELETE /_sandbox/faults/{id}", help: faultEndHelp, handle: (*gatehouse).deleteFault},
	)
}

const (
	throttleHelp = `GET    /_sandbox/throttle        what is granted per second; PUT {"rate":50,"rules":[{"shop_id":…,"rate":1}]}
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
