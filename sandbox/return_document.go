package sandbox

// uploadReturnDocument gives the buyer a label, or a provider and a number, to
// send goods back with.
func uploadReturnDocument(c *call) *failure {
	ids := c.list("return_ids")
	if len(ids) == 0 {
		return missing("return_ids")
	}
	fields, f := c.formValues()
	if f != nil {
		return f
	}
	if f := c.withShop(ids[0]); f != nil {
		return f
	}
	s := c.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*returnRequest
	for _, id := range ids {
		r, f := findReturn(c, id)
		if f != nil {
			return f
		}
		if r.Status != returnAwaitingShip {
			return fail(codeOrderState, "return ", id, " is ", r.Status)
		}
		found = append(found, r)
	}
	by, known := findCarrier(s, fields["return_provider_id"])
	if !known && fields["return_provider_id"] != "" {
		return fail(codeReturnParameter, "'return_provider_id' names no shipping provider of the market")
	}
	d := returnDocument{tracking: fields["tracking_number"]}
	if known {
		d.by = &by
	}
	if _, sent := fields["return_qr_code"]; sent {
		d.document = "QR_CODE"
	}
	for _, r := range found {
		sendDocument(s, r, d, c.now.Unix())
	}
	return nil
}
