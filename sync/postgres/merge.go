package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ttshop-go/ttshop/sync"
)

// keysOf returns the parts of the keys of rows, one list for each part.
func keysOf(t *sync.Table, rows []written) []any {
	lists := make([]any, len(t.Key))
	for i, name := range t.Key {
		at := t.Column(name)
		list := make([]string, len(rows))
		for j, row := range rows {
			if text, ok := row.Values[at].(string); ok {
				list[j] = text
			} else {
				list[j] = fmt.Sprint(row.Values[at])
			}
		}
		lists[i] = list
	}
	return lists
}

// listed is a table k of the lists of a key that come from parameter first on, and of
// further lists of integers.
func listed(key []string, first int, more ...string) string {
	var lists, names []string
	add := func(name, kind string) {
		lists = append(lists, fmt.Sprintf(`$%d::%s[]`, first+len(lists), kind))
		names = append(names, quote(name))
	}
	for _, name := range key {
		add(name, "text")
	}
	for _, name := range more {
		add(name, "bigint")
	}
	return fmt.Sprintf(`unnest(%s) as k (%s)`, strings.Join(lists, ", "), strings.Join(names, ", "))
}

// idOf is the expression for [sync.Row.ID] of a row of t.
func idOf(t *sync.Table, row string) string {
	parts := make([]string, len(t.Key))
	for i, name := range t.Key {
		parts[i] = row + "." + quote(name)
	}
	return strings.Join(parts, " || '/' || ")
}

// lookup is a table f of the shop's row that has the key of a row of another table before
// it. A row is looked up at a time: of a table that is new the planner knows so little
// that it would rather read all rows of the shop.
func (s *Store) lookup(t *sync.Table, columns, other string) string {
	parts := make([]string, len(t.Key))
	for i, name := range t.Key {
		parts[i] = fmt.Sprintf("r.%s = %s.%[1]s", quote(name), other)
	}
	return fmt.Sprintf(`lateral (select %s from %s r where r.shop_id = $1 and %s offset 0) f`, columns, s.in(t.Name), strings.Join(parts, " and "))
}

// find fails unless the shop is still the worker's, counts the requests, and returns what
// is known of the rows of the batch, by id. Whoever takes the shop over waits for the end
// of this transaction, so that no row needs to be locked.
func (w *writer) find(ctx context.Context) (map[string]*sync.Stored, error) {
	w.queue.Queue(fmt.Sprintf(`update %s set used = case when day = $1 then used + $2 else $2 end, day = $1 where shop_id = $3 and epoch = $4`, w.in("_ttshop_shops")),
		w.b.Day, w.b.Requests, w.b.Shop, w.b.Epoch).Exec(func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() != 1 {
			return sync.ErrFenced
		}
		return nil
	})
	if len(w.b.Rows) == 0 {
		return nil, w.send(ctx)
	}
	t := w.b.Table
	found := make(map[string]*sync.Stored, len(w.b.Rows))
	all, ids := make([]written, len(w.b.Rows)), make([]string, len(w.b.Rows))
	for i := range w.b.Rows {
		all[i].Row = &w.b.Rows[i]
		ids[i] = all[i].ID(t)
	}
	query := fmt.Sprintf(`select f.* from %s, %s`, listed(t.Key, 2),
		w.lookup(t, idOf(t, "r")+`, _hash, _detail, _version, _seq, _generation, _deleted_at is not null`, "k"))
	w.queue.Queue(query, append([]any{w.b.Shop}, keysOf(t, all)...)...).Query(func(rows pgx.Rows) error {
		var id string
		var one sync.Stored
		_, err := pgx.ForEachRow(rows, []any{&id, &one.Hash, &one.Detail, &one.Version, &one.Seq, &one.Generation, &one.Deleted}, func() error {
			copied := one
			found[id] = &copied
			return nil
		})
		if err != nil {
			return fmt.Errorf("find the rows of %s: %w", t.Name, err)
		}
		return nil
	})
	w.queue.Queue(fmt.Sprintf(`select id, version, seq, generation from %s where table_name = $1 and shop_id = $2 and id = any($3)`, w.in("_ttshop_seen")), t.Name, w.b.Shop, ids).Query(func(rows pgx.Rows) error {
		var id string
		var version, seq, generation int64
		_, err := pgx.ForEachRow(rows, []any{&id, &version, &seq, &generation}, func() error {
			have := found[id]
			if have == nil {
				return nil
			}
			if have.Version == version {
				have.Seq = max(have.Seq, seq)
			}
			have.Generation = max(have.Generation, generation)
			return nil
		})
		if err != nil {
			return fmt.Errorf("find what was seen of %s: %w", t.Name, err)
		}
		return nil
	})
	return found, w.send(ctx)
}

// A written is a row to be written, with the generation that it has then.
type written struct {
	*sync.Row
	generation int64
}

// rows stores the rows.
func (w *writer) rows(ctx context.Context, found map[string]*sync.Stored, tally *sync.Tally) error {
	t := w.b.Table
	var inserted, changed, touched []written
	var same seen
	for i := range w.b.Rows {
		row := &w.b.Rows[i]
		id := row.ID(t)
		have := found[id]
		now := written{row, w.b.Generation}
		if have != nil {
			now.generation = max(now.generation, have.Generation)
		}
		switch w.b.Decide(row, have, tally) {
		case sync.Insert:
			inserted = append(inserted, now)
		case sync.Change:
			changed = append(changed, now)
		case sync.Touch:
			if row.Version != have.Version {
				touched = append(touched, now)
			} else {
				same.add(id, row.Version, row.Seq, now.generation)
			}
		case sync.Keep:
			if now.generation > have.Generation {
				same.add(id, have.Version, have.Seq, now.generation)
			}
		}
	}
	if err := w.change(ctx, changed); err != nil {
		return err
	}
	if w.b.Force {
		w.clear(inserted) // a repair also finds children without a parent
	}
	if err := w.send(ctx); err != nil {
		return err
	}
	if err := w.copyIn(ctx, pgx.Identifier{w.options.Schema, t.Name}, t, inserted, false); err != nil {
		return err
	}
	all := append(inserted, changed...)
	for i, child := range t.Children {
		var rows []written
		for _, row := range all {
			for j := range row.Children[i] {
				rows = append(rows, written{Row: &row.Children[i][j]})
			}
		}
		if err := w.copyIn(ctx, pgx.Identifier{w.options.Schema, child.Name}, child, rows, false); err != nil {
			return err
		}
	}
	w.touch(touched)
	w.see(&same)
	w.after(all)
	return nil
}

// change replaces the columns of rows, but for the groups that they leave, by way of a
// table of the connection's own, and removes their children.
func (w *writer) change(ctx context.Context, rows []written) error {
	if len(rows) == 0 {
		return nil
	}
	t := w.b.Table
	stage := "_stage_" + t.Name
	if _, err := w.tx.Exec(ctx, fmt.Sprintf(`create temporary table if not exists %s (like %s, _leave smallint) on commit delete rows`, quote(stage), w.in(t.Name))); err != nil {
		return fmt.Errorf("make %s: %w", stage, err)
	}
	if err := w.copyIn(ctx, pgx.Identifier{"pg_temp", stage}, t, rows, true); err != nil {
		return err
	}
	sets := []string{"_hash = s._hash", "_version = s._version", "_seq = s._seq", "_synced_at = s._synced_at", "_raw = s._raw", "_deleted_at = null", "_generation = s._generation"}
	set := func(name string, group sync.Group) {
		if group == 0 {
			sets = append(sets, fmt.Sprintf(`%s = s.%[1]s`, name))
		} else {
			sets = append(sets, fmt.Sprintf(`%s = case when s._leave & %d <> 0 then t.%[1]s else s.%[1]s end`, name, group))
		}
	}
	for _, c := range t.Columns {
		if !slices.Contains(t.Key, c.Name) {
			set(quote(c.Name), c.Group)
		}
	}
	set("_detail", sync.GroupDetail)
	w.enqueue("change "+t.Name, exactly(len(rows)), fmt.Sprintf(`update %s t set %s from pg_temp.%s s, %s where t.ctid = f.ctid`,
		w.in(t.Name), strings.Join(sets, ", "), quote(stage), w.lookup(t, "ctid", "s")), w.b.Shop)
	w.clear(rows)
	return nil
}

// among is the condition that a key is one of those that come as lists from parameter
// first on.
func among(key []string, first int) string {
	if len(key) == 1 {
		return fmt.Sprintf(`%s = any($%d::text[])`, quote(key[0]), first)
	}
	return fmt.Sprintf(`(%s) in (select * from %s)`, quoteAll(key), listed(key, first))
}

// clear removes the children of rows.
func (w *writer) clear(rows []written) {
	if len(rows) == 0 {
		return
	}
	for _, child := range w.b.Table.Children {
		w.enqueue("replace "+child.Name, nil, fmt.Sprintf(`delete from %s where shop_id = $1 and %s`, w.in(child.Name), among(child.Key[:len(w.b.Table.Key)], 2)),
			append([]any{w.b.Shop}, keysOf(w.b.Table, rows)...)...)
	}
}

// touch moves version, sequence and generation of rows.
func (w *writer) touch(rows []written) {
	if len(rows) == 0 {
		return
	}
	t := w.b.Table
	versions, seqs, generations := make([]int64, len(rows)), make([]int64, len(rows)), make([]int64, len(rows))
	for i, row := range rows {
		versions[i], seqs[i], generations[i] = row.Version, row.Seq, row.generation
	}
	query := fmt.Sprintf(`update %s t set _version = k._version, _seq = k._seq, _generation = k._generation from %s, %s where t.ctid = f.ctid`,
		w.in(t.Name), listed(t.Key, 2, "_version", "_seq", "_generation"), w.lookup(t, "ctid", "k"))
	args := append([]any{w.b.Shop}, keysOf(t, rows)...)
	w.enqueue("touch "+t.Name, exactly(len(rows)), query, append(args, versions, seqs, generations)...)
}

// seen are rows that came again as they were, a list for each column of a table.
type seen struct {
	ids                         []string
	versions, seqs, generations []int64
}

func (s *seen) add(id string, version, seq, generation int64) {
	s.ids = append(s.ids, id)
	s.versions = append(s.versions, version)
	s.seqs = append(s.seqs, seq)
	s.generations = append(s.generations, generation)
}

// see notes rows that came again as they were, beside their table: there each would be
// written as a whole, with its entries in all indexes.
func (w *writer) see(s *seen) {
	if len(s.ids) == 0 {
		return
	}
	w.enqueue("note what was seen of "+w.b.Table.Name, exactly(len(s.ids)), fmt.Sprintf(`insert into %s (table_name, shop_id, id, version, seq, generation)
		select $1, $2, * from unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
		on conflict (table_name, shop_id, id) do update set version = excluded.version, seq = excluded.seq, generation = excluded.generation`, w.in("_ttshop_seen")),
		w.b.Table.Name, w.b.Shop, s.ids, s.versions, s.seqs, s.generations)
}

// after notes what follows from rows that are new or changed.
func (w *writer) after(rows []written) {
	t := w.b.Table
	if w.options.History {
		query := fmt.Sprintf(`insert into %s (shop_id, id, _seq, _version, _hash, _synced_at, _raw) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`, w.in(t.Name+"_history"))
		for _, row := range rows {
			w.enqueue("remember versions of "+t.Name, nil, query, w.b.Shop, row.ID(t), row.Seq, row.Version, row.Hash, w.b.At.UTC(), w.raw(row.Row))
		}
	}
	marks := map[string]int64{} // rows may share what is asked about
	for _, row := range rows {
		if id, ok := w.b.Follow(row.Row); ok {
			marks[id] = max(marks[id], row.Seq)
		}
	}
	todo := make([]sync.Todo, 0, len(marks))
	for id, mark := range marks {
		todo = append(todo, sync.Todo{Stream: w.b.FollowUp, ID: id, Reason: "changed", Mark: mark})
	}
	w.todo(todo)
}
