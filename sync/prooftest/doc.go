// Package prooftest has the proofs that a copy is the source: each rule of package
// sync as a property that is tested against a sandbox that changes, misbehaves and
// is cut off. Its tests are all there is to it.
//
// TTSHOP_PROOF_SEEDS is how many seeds each proof takes, TTSHOP_PROOF_FROM the first of
// them, TTSHOP_PROOF_KILLS how many kills each seed has, TTSHOP_PROOF_MINUTES how long the
// exactness run lasts, and TTSHOP_PROOF_RATE how many orders it changes in a second.
// TTSHOP_PROOF_ORDERS is how many orders the largest copy has, and TTSHOP_PROOF_PLAN=all
// holds plans against whole days.
package prooftest
