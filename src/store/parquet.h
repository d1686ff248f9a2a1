// Parquet files written and read by DuckDB: an engine in memory, never a database file.
//
// parquet.cpp is the only file of dimout that calls DuckDB, and it knows its C API alone, so that
// the next major version of it is one file's work. Extensions are never installed or loaded;
// nothing is fetched.
//
// Opening an engine takes about 15 ms, the first one twice that. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace dimout::store {

enum class ColumnType : std::uint8_t { Time, Number, Real, Text, Flag };

struct Column {
    std::string name;
    ColumnType type = ColumnType::Number;
};

/// The row being written; each call fills the next column.
class RowOut {
public:
    virtual ~RowOut() = default;
    virtual void time(EventTime value) = 0;
    virtual void number(std::uint64_t value) = 0;
    virtual void real(double value) = 0;
    virtual void text(std::string_view value) = 0;
    virtual void flag(bool value) = 0;
    virtual void null() = 0;
};

/// A row that was read; columns by position. Views live until the next row.
class RowIn {
public:
    virtual ~RowIn() = default;
    [[nodiscard]] virtual EventTime time(std::size_t column) const = 0;
    [[nodiscard]] virtual std::uint64_t number(std::size_t column) const = 0;
    [[nodiscard]] virtual double real(std::size_t column) const = 0;
    [[nodiscard]] virtual std::string_view text(std::size_t column) const = 0;
    [[nodiscard]] virtual bool flag(std::size_t column) const = 0;
    [[nodiscard]] virtual bool is_null(std::size_t column) const = 0;
};

/// Fills one row, or returns false when there are no more.
using NextRow = std::function<bool(RowOut&)>;
using VisitRow = std::function<void(const RowIn&)>;

struct EngineOptions {
    std::uint64_t memory_limit_mb = 512;
    std::string spill_folder;  ///< Where a sort goes that does not fit; empty: it fails instead.
    unsigned threads = 1;      ///< Rows come in the same order for any number.
};

struct ParquetQuery {
    std::vector<std::string> paths;
    std::string select;  ///< SQL: columns, or `DISTINCT entity`.
    std::string where;   ///< SQL; empty: all.
    std::string order;   ///< SQL; empty: as the files have it.
};

/// For what a person waits for: a day's paths of a full table.
inline constexpr unsigned kAnswerThreads = 2;

class ParquetEngine {
public:
    [[nodiscard]] static Result<ParquetEngine> open(const EngineOptions& options);
    ParquetEngine(ParquetEngine&&) noexcept;
    ParquetEngine& operator=(ParquetEngine&&) noexcept;
    ~ParquetEngine();

    /// Streams rows into a new file at `path`, in the order given, without holding them.
    [[nodiscard]] Result<void> write(const std::string& path, const std::vector<Column>& columns,
                                     const NextRow& next);
    /// Writes what the query gives of several files of one schema into one.
    [[nodiscard]] Result<void> merge(const ParquetQuery& query, const std::string& path);
    [[nodiscard]] Result<void> read(const ParquetQuery& query, const VisitRow& visit);

private:
    class State;
    explicit ParquetEngine(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

[[nodiscard]] std::string sql_literal(std::string_view text);
[[nodiscard]] std::string sql_literal(EventTime time);

}  // namespace dimout::store
