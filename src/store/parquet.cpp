#include "store/parquet.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string>
#include <utility>

#include "store/duckdb_library.h"

namespace dimout::store {
namespace {

constexpr std::int64_t kMicroseconds = 1'000'000;
constexpr const char* kSourceFunction = "dimout_rows";
/// Groups of 16,384 rows make a file four times as large and one entity's series twice as slow
/// (924,000 rows, speed_test): with 54 columns the footer costs more than the rows that are read in
/// vain.
constexpr int kRowGroup = 122'880;

/// A DuckDB handle that goes away by itself: `Handle<duckdb_result, &DuckDb::destroy_result>`.
template <typename T, auto Destroy>
class Handle {
public:
    Handle() = default;
    ~Handle() { (duck->*Destroy)(&value_); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    [[nodiscard]] T* out() { return &value_; }
    [[nodiscard]] T get() const { return value_; }

private:
    T value_{};
};

using Config = Handle<duckdb_config, &DuckDb::destroy_config>;
using Prepared = Handle<duckdb_prepared_statement, &DuckDb::destroy_prepare>;
using Pending = Handle<duckdb_pending_result, &DuckDb::destroy_pending>;
using QueryResult = Handle<duckdb_result, &DuckDb::destroy_result>;

duckdb_type duckdb_type_of(ColumnType type) {
    switch (type) {
        case ColumnType::Time: return DUCKDB_TYPE_TIMESTAMP_TZ;
        case ColumnType::Number: return DUCKDB_TYPE_UBIGINT;
        case ColumnType::Real: return DUCKDB_TYPE_DOUBLE;
        case ColumnType::Text: return DUCKDB_TYPE_VARCHAR;
        case ColumnType::Flag: return DUCKDB_TYPE_BOOLEAN;
    }
    return DUCKDB_TYPE_INVALID;
}

/// Fills the vectors of one chunk, cell by cell.
class ChunkOut final : public RowOut {
public:
    explicit ChunkOut(duckdb_data_chunk chunk) : chunk_(chunk) {
        const idx_t count = duck->data_chunk_get_column_count(chunk);
        for (idx_t i = 0; i < count; ++i) {
            vectors_.push_back(duck->data_chunk_get_vector(chunk, i));
            data_.push_back(duck->vector_get_data(vectors_.back()));
        }
    }

    void time(EventTime value) override {
        cell<std::int64_t>() = unix_seconds(value) * kMicroseconds;
    }
    void number(std::uint64_t value) override { cell<std::uint64_t>() = value; }
    void real(double value) override { cell<double>() = value; }
    void flag(bool value) override { cell<bool>() = value; }
    void text(std::string_view value) override {
        duck->vector_assign_string_element_len(vectors_[column_++], row_, value.data(),
                                               value.size());
    }
    void null() override {
        duck->vector_ensure_validity_writable(vectors_[column_]);
        duck->validity_set_row_invalid(duck->vector_get_validity(vectors_[column_++]), row_);
    }

    void fill(const NextRow& next) {
        const idx_t capacity = duck->vector_size();
        for (; row_ < capacity && next(*this); ++row_) {
            DIMOUT_CHECK(column_ == vectors_.size());
            column_ = 0;
        }
        duck->data_chunk_set_size(chunk_, row_);
    }

private:
    template <typename T>
    T& cell() {
        return static_cast<T*>(data_[column_++])[row_];
    }

    duckdb_data_chunk chunk_;
    std::vector<duckdb_vector> vectors_;
    std::vector<void*> data_;
    std::size_t column_ = 0;
    idx_t row_ = 0;
};

class ChunkIn final : public RowIn {
public:
    explicit ChunkIn(duckdb_data_chunk chunk) : rows_(duck->data_chunk_get_size(chunk)) {
        const idx_t count = duck->data_chunk_get_column_count(chunk);
        for (idx_t i = 0; i < count; ++i) {
            const duckdb_vector vector = duck->data_chunk_get_vector(chunk, i);
            data_.push_back(duck->vector_get_data(vector));
            validity_.push_back(duck->vector_get_validity(vector));
        }
    }

    EventTime time(std::size_t column) const override {
        return event_time(cell<std::int64_t>(column) / kMicroseconds);
    }
    std::uint64_t number(std::size_t column) const override { return cell<std::uint64_t>(column); }
    double real(std::size_t column) const override { return cell<double>(column); }
    bool flag(std::size_t column) const override { return cell<bool>(column); }
    std::string_view text(std::size_t column) const override {
        auto& value = cell<duckdb_string_t>(column);
        return {duck->string_t_data(&value), duck->string_t_length(value)};
    }
    bool is_null(std::size_t column) const override {
        return validity_[column] != nullptr &&
               !duck->validity_row_is_valid(validity_[column], row_);
    }

    void visit(const VisitRow& visit_row) {
        for (row_ = 0; row_ < rows_; ++row_) visit_row(*this);
    }

private:
    template <typename T>
    [[nodiscard]] T& cell(std::size_t column) const {
        return static_cast<T*>(data_[column])[row_];
    }

    idx_t rows_;
    idx_t row_ = 0;
    std::vector<void*> data_;
    std::vector<std::uint64_t*> validity_;
};

std::string path_list(const std::vector<std::string>& paths) {
    std::vector<std::string> quoted;
    for (const std::string& path : paths) quoted.push_back(sql_literal(path));
    return fmt::format("[{}]", fmt::join(quoted, ","));
}

std::string select_text(const ParquetQuery& query) {
    std::string text =
        fmt::format("SELECT {} FROM read_parquet({})", query.select, path_list(query.paths));
    if (!query.where.empty()) text += " WHERE " + query.where;
    if (!query.order.empty()) text += " ORDER BY " + query.order;
    return text;
}

std::string copy_text(std::string_view select, const std::string& path) {
    return fmt::format(
        "COPY ({}) TO {} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {}, KV_METADATA "
        "{{dimout_format: '1'}})",
        select, sql_literal(path), kRowGroup);
}

std::unexpected<Error> engine_failed(const char* reason) {
    std::string text = reason == nullptr ? "no reason given" : reason;
    if (!text.ends_with('.')) text += '.';
    return fail("DuckDB: " + text);
}

}  // namespace

/// The engine, its one connection, and the rows that `dimout_rows()` is to give at the moment.
class ParquetEngine::State {
public:
    ~State() {
        duck->disconnect(&connection_);
        duck->close(&database_);
    }

    Result<void> open(const EngineOptions& options) {
        Config config;
        duck->create_config(config.out());
        const std::string threads = std::to_string(options.threads);
        const std::string memory = std::to_string(options.memory_limit_mb) + "MB";
        const std::array<std::pair<const char*, const char*>, 6> settings{
            {{"autoinstall_known_extensions", "false"},
             {"autoload_known_extensions", "false"},
             {"threads", threads.c_str()},
             {"memory_limit", memory.c_str()},
             {"temp_directory", options.spill_folder.c_str()},
             {"preserve_insertion_order", "true"}}};
        for (const auto& [name, value] : settings) {
            if (duck->set_config(config.get(), name, value) == DuckDBError)
                return fail(fmt::format("DuckDB: does not know {}.", name));
        }
        char* reason = nullptr;
        if (duck->open_ext(":memory:", &database_, config.get(), &reason) == DuckDBError) {
            auto error = engine_failed(reason);
            duck->free(reason);
            return error;
        }
        if (duck->connect(database_, &connection_) == DuckDBError)
            return fail("DuckDB: no connection.");
        return register_source();
    }

    Result<void> run(const std::string& sql) {
        QueryResult result;
        if (duck->query(connection_, sql.c_str(), result.out()) == DuckDBError) {
            return engine_failed(duck->result_error(result.out()));
        }
        return {};
    }

    Result<void> read(const std::string& sql, const VisitRow& visit) {
        Prepared prepared;
        Pending pending;
        QueryResult result;
        if (duck->prepare(connection_, sql.c_str(), prepared.out()) == DuckDBError) {
            return engine_failed(duck->prepare_error(prepared.get()));
        }
        if (duck->pending_prepared_streaming(prepared.get(), pending.out()) == DuckDBError ||
            duck->execute_pending(pending.get(), result.out()) == DuckDBError) {
            return engine_failed(duck->pending_error(pending.get()));
        }
        while (duckdb_data_chunk chunk = duck->fetch_chunk(result.get())) {
            ChunkIn(chunk).visit(visit);
            duck->destroy_data_chunk(&chunk);
        }
        if (const char* reason = duck->result_error(result.out())) return engine_failed(reason);
        return {};
    }

    Result<void> write(const std::string& path, const std::vector<Column>& columns,
                       const NextRow& next) {
        columns_ = &columns;
        next_ = &next;
        auto done = run(copy_text(fmt::format("SELECT * FROM {}()", kSourceFunction), path));
        columns_ = nullptr;
        next_ = nullptr;
        return done;
    }

private:
    static void bind(duckdb_bind_info info) {
        const auto* state = static_cast<const State*>(duck->bind_get_extra_info(info));
        for (const Column& column : *state->columns_) {
            duckdb_logical_type type = duck->create_logical_type(duckdb_type_of(column.type));
            duck->bind_add_result_column(info, column.name.c_str(), type);
            duck->destroy_logical_type(&type);
        }
    }

    static void start(duckdb_init_info info) { duck->init_set_max_threads(info, 1); }

    static void produce(duckdb_function_info info, duckdb_data_chunk chunk) {
        const auto* state = static_cast<const State*>(duck->function_get_extra_info(info));
        ChunkOut(chunk).fill(*state->next_);
    }

    Result<void> register_source() {
        duckdb_table_function function = duck->create_table_function();
        duck->table_function_set_name(function, kSourceFunction);
        duck->table_function_set_extra_info(function, this, nullptr);
        duck->table_function_set_bind(function, bind);
        duck->table_function_set_init(function, start);
        duck->table_function_set_function(function, produce);
        const auto done = duck->register_table_function(connection_, function);
        duck->destroy_table_function(&function);
        if (done == DuckDBError) return fail("DuckDB: cannot register a table function.");
        return {};
    }

    duckdb_database database_ = nullptr;
    duckdb_connection connection_ = nullptr;
    const std::vector<Column>* columns_ = nullptr;
    const NextRow* next_ = nullptr;
};

ParquetEngine::ParquetEngine(std::unique_ptr<State> state) : state_(std::move(state)) {}
ParquetEngine::ParquetEngine(ParquetEngine&&) noexcept = default;
ParquetEngine& ParquetEngine::operator=(ParquetEngine&&) noexcept = default;
ParquetEngine::~ParquetEngine() = default;

Result<ParquetEngine> ParquetEngine::open(const EngineOptions& options) {
    if (auto loaded = load_duckdb(); !loaded) return std::unexpected(loaded.error());
    auto state = std::make_unique<State>();
    if (auto done = state->open(options); !done) return std::unexpected(done.error());
    return ParquetEngine(std::move(state));
}

Result<void> ParquetEngine::write(const std::string& path, const std::vector<Column>& columns,
                                  const NextRow& next) {
    return state_->write(path, columns, next);
}

Result<void> ParquetEngine::merge(const ParquetQuery& query, const std::string& path) {
    return state_->run(copy_text(select_text(query), path));
}

Result<void> ParquetEngine::read(const ParquetQuery& query, const VisitRow& visit) {
    return state_->read(select_text(query), visit);
}

std::string sql_literal(std::string_view text) {
    std::string literal = "'";
    for (const char c : text) {
        if (c == '\'') literal += c;
        literal += c;
    }
    return literal += '\'';
}

std::string sql_literal(EventTime time) {
    return fmt::format("make_timestamptz({})", unix_seconds(time) * kMicroseconds);
}

}  // namespace dimout::store
