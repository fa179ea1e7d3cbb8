package ledger_test

import (
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"tearline/ledger"
)

func TestConsistencyAllPairs(t *testing.T) {
	l := syntheticLog(t, 70)
	heads := make([]ledger.Checkpoint, 71)
	for i := range heads {
		heads[i] = l.head(t, int64(i))
	}
	for older := range heads {
		for newer := older; newer < len(heads); newer++ {
			proof, err := ledger.ProveConsistency(int64(older), int64(newer), l)
			if err != nil {
				t.Fatal(err)
			}
			if err := ledger.CheckConsistency(heads[older], heads[newer], proof); err != nil {
				t.Errorf("%d to %d: %v", older, newer, err)
			}
			if older == newer {
				continue
			}
			if err := ledger.CheckConsistency(heads[newer], heads[older], proof); !errors.Is(err, ledger.ErrProof) {
				t.Errorf("%d to %d backwards: %v", newer, older, err)
			}
			if err := ledger.CheckConsistency(heads[older], heads[newer], append(proof, tlog.Hash{})); !errors.Is(err, ledger.ErrProof) {
				t.Errorf("%d to %d, proof too long: %v", older, newer, err)
			}
			if len(proof) > 0 && ledger.CheckConsistency(heads[older], heads[newer], proof[1:]) == nil {
				t.Errorf("%d to %d, proof too short", older, newer)
			}
		}
	}
}

func TestConsistencyFindsForks(t *testing.T) {
	l, fork := syntheticLog(t, 100), syntheticLog(t, 50)
	fork.add(t, ledger.Leaf(testSalt(-1), nil))
	for i := 51; i < 100; i++ {
		fork.add(t, l.leaves[i])
	}
	older, newer := l.head(t, 60), fork.head(t, 100)
	for _, from := range []*memLog{l, fork} {
		proof := must[tlog.TreeProof](t)(ledger.ProveConsistency(60, 100, from))
		if err := ledger.CheckConsistency(older, newer, proof); !errors.Is(err, ledger.ErrProof) {
			t.Errorf("a fork is consistent: %v", err)
		}
	}
	if err := ledger.CheckConsistency(l.head(t, 100), newer, nil); !errors.Is(err, ledger.ErrProof) {
		t.Errorf("two roots for one size: %v", err)
	}
	other := newer
	other.Origin = ledger.Origin(sudland)
	if err := ledger.CheckConsistency(newer, other, nil); !errors.Is(err, ledger.ErrProof) {
		t.Errorf("two logs: %v", err)
	}
	if err := ledger.CheckConsistency(ledger.Checkpoint{}, newer, nil); !errors.Is(err, ledger.ErrProof) {
		t.Errorf("the zero checkpoint: %v", err)
	}
	if _, err := ledger.ProveConsistency(101, 100, l); err == nil {
		t.Error("a proof backwards")
	}
	if _, err := ledger.ProveConsistency(-1, 100, l); err == nil {
		t.Error("a proof from nowhere")
	}
	if _, err := ledger.ProveConsistency(100, 200, l); err == nil {
		t.Error("a proof beyond the log")
	}
}
