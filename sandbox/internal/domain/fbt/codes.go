package fbt

import "github.com/ttshop-go/ttshop/sandbox/internal/gate"

// No document names a code of these operations, so the gateway's collective one
// answers.
const codeRefused = gate.CodeInvalidParameter
