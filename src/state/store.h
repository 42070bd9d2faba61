#pragma once
// What must survive a kill: bindings, call records, CDRs. Shards post changes and are told when they are durable;
// nothing waits. Implemented over SQLite by state/sqlite_store (one writer thread, group commit) and by the simulator's
// disk.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace carillon::state {

// Tells the poster that all its posts with a token up to and including this one are durable (tokens of a shard grow). 0
// asks for no answer: such posts may be written later than a token after them.
using Token = uint64_t;

enum class PostKind : uint8_t {
  put_binding,      // key, blob: insert or replace
  refresh_binding,  // key, expires, cseq: the row exists; may wait up to 50 ms
  remove_binding,   // key
  put_call,         // key, blob: record of an answered call, insert or replace; may wait up to 50 ms
  remove_call,      // key; cancels a put_call that has not been written yet
  put_cdr,          // key, blob (a Cdr, see state/cdr.h); also removes the call record of that key
  put_record,       // record, key, expires, blob: insert or replace
  remove_record,    // record, key
};

// Other things that outlive the process; each kind has keys of its own. An expired one is gone.
enum class RecordKind : uint8_t {
  mailbox = 1,   // by line: what waits there (lines/)
  subscription,  // who watches a line
  publication,   // what a phone says of its line, by entity-tag
  call_back,     // who wants to be called back when a line is free
};

struct Post {
  PostKind kind;
  RecordKind record = RecordKind::mailbox;  // put_record, remove_record
  uint16_t shard = 0;
  Token token = 0;
  uint64_t key = 0;   // binding or call id: unique for ever in a data directory (see BindingId, CallId)
  Instant expires;    // bindings and records
  uint32_t cseq = 0;  // refresh_binding
  std::string blob;   // versioned record made by registrar/record or call/record
};

struct Loaded {
  struct Row {
    uint64_t key = 0;
    Instant expires;
    uint32_t cseq = 0;  // newest, from refreshes
    std::string blob;
  };
  std::vector<Row> bindings;
  std::vector<Row> calls;
  struct Record {
    RecordKind kind = RecordKind::mailbox;
    uint64_t key = 0;
    Instant expires;
    std::string blob;
  };
  std::vector<Record> records;
};

class Store {
 public:
  virtual ~Store() = default;
  // Everything kept, for boot; expired bindings are left out and removed.
  virtual Result<Loaded> load(Instant now) = 0;
  // Takes a batch from one shard; never blocks for the disk. `urgent` posts (those with a token) commit within a few
  // ms.
  virtual void post(std::vector<Post>&& batch) = 0;
};

}  // namespace carillon::state
