package sandbox

import (
	"bytes"
	"encoding/json"
)

// unmarshal decodes JSON strictly: a field that is not known would be lost.
func unmarshal(raw []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	return decoder.Decode(v)
}
