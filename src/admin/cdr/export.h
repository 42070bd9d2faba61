#pragma once
// Call detail records for other programs: as JSON objects with our names, and as files of the described system (its
// columns in its order, its codes; docs/CDR.md). Pure.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "state/cdr.h"
#include "text/json.h"

namespace carillon::admin {

// The name of a partition, "" for one that is gone.
using PartitionName = std::function<std::string(int64_t id)>;

// "000000f4000001a7": 16 hexadecimal digits.
std::string record_name(uint64_t id);
std::optional<uint64_t> record_of_name(std::string_view name);
// The fields of a record in camel case, all of them always.
json::object record_object(const state::Cdr& cdr, const PartitionName& partition);

// The same as lines of CSV (RFC 4180): the names of the fields, and the row of an object. No cell passes for a formula.
void append_csv_names(std::string& to, const json::object& record);
void append_csv_row(std::string& to, const json::object& record);

namespace cucm {

// What a row is made of.
struct Source {
  const state::Cdr& cdr;
  const PartitionName& partition;
  std::string_view cluster;
};

struct Column {
  std::string_view name;
  std::string_view type;  // INTEGER, VARCHAR(50), UNIQUEIDENTIFIER
  std::string (*value)(const Source&);
};

// In file order.
std::span<const Column> columns();
// The first two lines of a file: the names, and their types.
std::string head();
// Appends a record's line. Texts are quoted and cut to their column's size, integers stand bare.
void append_row(std::string& to, const Source& source);
// "cdr_StandAloneCluster_01_202611221305_1": of a file with records up to this moment. What cannot stand in a file name
// becomes a hyphen.
std::string file_name(std::string_view cluster, Instant until, uint32_t sequence);

}  // namespace cucm
}  // namespace carillon::admin
