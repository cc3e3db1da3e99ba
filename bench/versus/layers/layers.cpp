// bench/versus/layers/layers.cpp -- layers of many channels for layers.py, which asks through a pipe; oneDNN's beside
// them in the same process
#include <memory>
#include <unordered_map>

#include <faltung/nn/conv_transpose.hpp>
#include <oneapi/dnnl/dnnl.hpp>

#include "../session.hpp"

using namespace faltung;
using namespace faltung_bench;

namespace {

/// A layer as layers.py writes it: batch, channels in and out, groups, then for every axis its extent, taps, window
/// stride, dilation and padding on either side. A transposed one has its channels out before those in in its kernel.
struct layer {
    index_t batch = 1, in = 1, out = 1, groups = 1;
    std::vector<axis> axes;
    bool transposed = false;

    explicit layer(std::istream& words, bool is_transposed = false) : transposed(is_transposed) {
        words >> batch >> in >> out >> groups;
        axis k;
        while (words >> k.n >> k.taps >> k.window_stride >> k.dilation >> k.low) {
            k.high = k.low;
            axes.push_back(k);
        }
    }

    shape with_axes(index_t first, index_t second, index_t (*extent)(axis const&)) const {
        shape n{first, second};
        for (axis const& k : axes) n.push_back(extent(k));
        return n;
    }
    shape data() const {
        return with_axes(batch, in, [](axis const& k) { return k.n; });
    }
    shape kernel() const {
        if (transposed) return with_axes(in, out / groups, [](axis const& k) { return k.taps; });
        return with_axes(out, in / groups, [](axis const& k) { return k.taps; });
    }
    shape result() const {
        if (transposed)
            return with_axes(batch, out,
                             [](axis const& k) { return (k.n - 1) * k.window_stride + k.span() - k.low - k.high; });
        return with_axes(batch, out, [](axis const& k) { return k.outputs(); });
    }

    problem as_problem() const {
        problem p;
        p.push_back({batch, 1, 1, 1, 0, 0, {}});
        for (axis const& k : axes) p.push_back(k);
        p.in = in;
        p.out = out;
        p.groups = groups;
        return p;
    }
};

template <class T>
constexpr dnnl::memory::data_type dnnl_type() {
    if constexpr (std::is_same_v<T, float>)
        return dnnl::memory::data_type::f32;
    else if constexpr (std::is_same_v<T, std::uint8_t>)
        return dnnl::memory::data_type::u8;
    else if constexpr (std::is_same_v<T, std::int8_t>)
        return dnnl::memory::data_type::s8;
    else
        return dnnl::memory::data_type::s32;
}

/// oneDNN's convolution, or transposed convolution, its kernel reordered before. `layout` of x and y: "blocked" as it
/// likes it, nothing else timed; "tiles" the same by Winograd's tiles; "reordered" as it likes it, with what it takes
/// to bring x there and y back; "plain" as they are.
template <class T>
class dnnl_layer {
    dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream_{engine_};
    dnnl::memory x_, y_, inner_x_, inner_h_, inner_y_;
    dnnl::primitive convolution_;
    dnnl::reorder in_, out_;
    std::string layout_;

    // what oneDNN takes for a kernel of these sizes, and the primitive
    template <class Convolution>
    auto choose(dnnl::algorithm algorithm, layer const& l, dnnl::memory::dims const& kernel,
                dnnl::memory::format_tag like) {
        dnnl::memory::dims strides, dilations, pads;
        for (axis const& k : l.axes) {
            strides.push_back(k.window_stride);
            dilations.push_back(k.dilation - 1);
            pads.push_back(k.low);
        }
        const typename Convolution::desc wanted(
            dnnl::prop_kind::forward_inference, algorithm, {dims(l.data()), dnnl_type<typename T::X>(), like},
            {kernel, dnnl_type<typename T::H>(), dnnl::memory::format_tag::any},
            {dims(l.result()), dnnl_type<typename T::Y>(), like}, strides, dilations, pads, pads);
        const typename Convolution::primitive_desc chosen(wanted, engine_);
        about = chosen.impl_info_str();
        convolution_ = Convolution(chosen);
        return std::array{chosen.src_desc(), chosen.weights_desc(), chosen.dst_desc()};
    }

    static dnnl::memory::dims dims(shape const& n) { return {n.begin(), n.end()}; }

public:
    std::string about;

    dnnl_layer(layer const& l, std::string layout, typename T::X* x, typename T::H* h, typename T::Y* y)
        : layout_(std::move(layout)) {
        using memory = dnnl::memory;
        using tag = memory::format_tag;
        const tag tags[] = {tag::abc, tag::abcd, tag::abcde}, grouped[] = {tag::abcd, tag::abcde, tag::abcdef},
                  swapped[] = {tag::bac, tag::bacd, tag::bacde};
        const std::size_t rank = l.axes.size() - 1;
        memory::dims kernel = dims(l.kernel());
        if (l.groups > 1) {
            kernel.insert(kernel.begin(), l.groups);
            kernel[1] /= l.groups;
        }
        if (l.transposed) std::swap(kernel[0], kernel[1]);  // for oneDNN, channels out come first there, too
        const auto any = layout_ == "plain" ? tags[rank] : tag::any;
        const memory::desc plain_x(dims(l.data()), dnnl_type<typename T::X>(), tags[rank]),
            plain_y(dims(l.result()), dnnl_type<typename T::Y>(), tags[rank]),
            plain_h(kernel, dnnl_type<typename T::H>(),
                    l.transposed   ? swapped[rank]
                    : l.groups > 1 ? grouped[rank]
                                   : tags[rank]);
        const auto [inner_x, inner_h, inner_y] =
            l.transposed ? choose<dnnl::deconvolution_forward>(dnnl::algorithm::deconvolution_direct, l, kernel, any)
                         : choose<dnnl::convolution_forward>(layout_ == "tiles" ? dnnl::algorithm::convolution_winograd
                                                                                : dnnl::algorithm::convolution_direct,
                                                             l, kernel, any);
        x_ = memory(plain_x, engine_, x);
        y_ = memory(plain_y, engine_, y);
        memory plain_kernel(plain_h, engine_, h);
        inner_x_ = inner_x == plain_x ? x_ : memory(inner_x, engine_);
        inner_y_ = inner_y == plain_y ? y_ : memory(inner_y, engine_);
        inner_h_ = memory(inner_h, engine_);
        dnnl::reorder(plain_kernel, inner_h_).execute(stream_, plain_kernel, inner_h_);
        in_ = dnnl::reorder(x_, inner_x_);
        out_ = dnnl::reorder(inner_y_, y_);
        in_.execute(stream_, x_, inner_x_);
        stream_.wait();
    }

    void run() {
        const bool reorders = layout_ == "reordered";
        if (reorders && inner_x_ != x_) in_.execute(stream_, x_, inner_x_);
        convolution_.execute(stream_,
                             {{DNNL_ARG_SRC, inner_x_}, {DNNL_ARG_WEIGHTS, inner_h_}, {DNNL_ARG_DST, inner_y_}});
        if (reorders && inner_y_ != y_) out_.execute(stream_, inner_y_, y_);
        stream_.wait();
    }

    /// The result in the layout of y.
    void finish() {
        if ((layout_ == "blocked" || layout_ == "tiles") && inner_y_ != y_) out_.execute(stream_, inner_y_, y_);
        stream_.wait();
    }
};

/// Everything that a layer's contestants share.
template <class T>
struct arrays {
    layer shapes;
    buffer<typename T::X> x;
    buffer<typename T::H> h;
    buffer<typename T::Y> y;

    explicit arrays(layer const& l) : shapes(l), x(count(l.data())), h(count(l.kernel())), y(count(l.result())) {
        fill(x, false);
        fill(h, true);
    }

    static index_t count(shape const& n) { return checked::product(n, "samples"); }

    // as layers.py has them; oneDNN adds two products in 16 bits and needs small weights of 8 bits
    template <class E>
    static void fill(buffer<E>& to, bool is_kernel) {
        const auto from = noise<std::int32_t, 1>({to.count()});
        for (index_t i = 0; i < to.count(); ++i) {
            const std::int32_t v = from.data()[i];
            to.data()[i] = static_cast<E>(!is_kernel ? v : std::is_integral_v<E> ? v % 100 - 50 : v % 200 - 100);
        }
    }
};

// channels first, as methods see them
template <class E>
strided<E> channels_first(E* data, shape const& n) {
    const strides step = row_major(n);
    strided<E> to{data, {n[1], n[0]}, {step[1], step[0]}};
    for (int a = 2; a < n.rank(); ++a) {
        to.n.push_back(n[a]);
        to.stride.push_back(step[a]);
    }
    return to;
}

template <class T>
struct ready {
    std::shared_ptr<arrays<T>> of;
    detail::lowered<T> plan;
    workspace scratch;
    strided<typename T::X const> x;
    strided<typename T::Y> y;

    ready(std::shared_ptr<arrays<T>> const& a, problem const& p, detail::kernel_taps<typename T::Weight> const& h,
          method m)
        : of(a),
          plan("layers", p, h, m, nullptr),
          scratch(plan.workspace(), 0, plan.workers()),
          x(channels_first<typename T::X const>(a->x.data(), a->shapes.data())),
          y(channels_first(a->y.data(), a->shapes.result())) {}
};

template <class T>
std::shared_ptr<ready<T>> ready_of(std::shared_ptr<arrays<T>> const& a, method m, int threads = 1) {
    using W = typename T::Weight;
    problem p = a->shapes.as_problem();
    p.types = {element_of<typename T::X>(), element_of<typename T::H>(), element_of<typename T::Acc>(),
               element_of<typename T::Y>(), algebra::plus_times};
    p.limits.instruction_set = detail::best_instruction_set();
    p.limits.byte_products = detail::best_byte_products();
    p.limits.threads = threads;
    const detail::packed_kernel<W> h(strided<typename T::H const>{a->h.data(), {a->h.count()}, {1}},
                                     [](W w) { return w; });
    p.kernel = h.facts;
    if (std::is_integral_v<typename T::H>) p.kernel.norm_1 = 0;  // of all outputs together, not of one
    shape n = a->shapes.kernel();
    shape with_batch{n[0], n[1], 1};
    for (int i = 2; i < n.rank(); ++i) with_batch.push_back(n[i]);
    const detail::kernel_taps<W> kernel{{h.samples->data(), with_batch, row_major(with_batch)}, h.samples};
    return std::make_shared<ready<T>>(a, p, kernel, m);
}

template <class T>
contestant ours(std::shared_ptr<arrays<T>> const& a, method m, int threads = 1) {
    std::shared_ptr<ready<T>> r;
    const double seconds = seconds_of([&] { r = ready_of(a, m, threads); });
    return {seconds, name_of(r->plan.method()), [r] { r->plan.run(r->x, r->y, r->scratch); }};
}

template <class T>
contestant two_copies(layer const& l) {
    const auto copy = [&] { return ours(std::make_shared<arrays<T>>(l), method::direct); };
    return at_the_same_time(copy(), copy());
}

/// A transposed layer, the same along every axis.
template <class T>
contestant ours_transposed(std::shared_ptr<arrays<T>> const& a) {
    const layer& l = a->shapes;
    nn::transposed_options o;
    o.groups = l.groups;
    o.stride = l.axes[0].window_stride;
    o.dilation = l.axes[0].dilation;
    o.padding = l.axes[0].low;
    const strided<typename T::H const> h{a->h.data(), l.kernel(), row_major(l.kernel())};
    std::shared_ptr<detail::transposed_plan<T>> plan;
    const double seconds = seconds_of(
        [&] { plan = std::make_shared<detail::transposed_plan<T>>(detail::transposed_call, l.data(), h, o); });
    const auto scratch = std::make_shared<workspace>(plan->workspace());
    return {seconds, "direct", [a, plan, scratch] {
                shape const x = a->shapes.data(), y = a->shapes.result();
                (*plan)({a->x.data(), x, row_major(x)}, {a->y.data(), y, row_major(y)}, *scratch);
            }};
}

/// |y - sums in double|_2 / (|x|_2 |h|_2) of what is in y.
template <class T>
double error_of(arrays<T> const& a) {
    const problem p = a.shapes.as_problem();
    const auto x = channels_first<typename T::X const>(a.x.data(), a.shapes.data());
    const auto y = channels_first<typename T::Y const>(a.y.data(), a.shapes.result());
    const detail::line_reader<typename T::X, double> reader(p, x);
    buffer<double> h(a.h.count());
    std::copy_n(a.h.data(), a.h.count(), h.data());
    double error = 0, of_x = 0, of_h = 0;
    for (index_t k = 0; k < p.out; ++k)
        for_each_index(p.outputs(), [&](index_list const& o) {
            index_t at = k * y.stride[0];
            for (int i = 0; i < p.rank; ++i) at += o[i] * y.stride[i + 1];
            const double sum =
                detail::window_sum<double>(p, reader, h.data() + k * p.taps_per_output(), k / (p.out / p.groups), o);
            error += (sum - y.data[at]) * (sum - y.data[at]);
        });
    for (index_t i = 0; i < a.x.count(); ++i) of_x += static_cast<double>(a.x.data()[i]) * a.x.data()[i];
    for (index_t i = 0; i < h.count(); ++i) of_h += h.data()[i] * h.data()[i];
    return std::sqrt(error / (of_x * of_h));
}

/// Sums of integers are exact; those of integers divided by such numbers are not.
template <class T>
session open_layer(layer const& l, float divides_x = 1, float divides_h = 1) {
    const auto a = std::make_shared<arrays<T>>(l);
    if constexpr (std::is_same_v<T, detail::types<float, float, float, float>>) {
        for (index_t i = 0; i < a->x.count(); ++i) a->x.data()[i] /= divides_x;
        for (index_t i = 0; i < a->h.count(); ++i) a->h.data()[i] /= divides_h;
    }
    const auto finish = std::make_shared<std::function<void()>>();
    return {"",
            [a, finish](std::string const& name, shape const&) -> contestant {
                if constexpr (std::is_same_v<T, detail::types<float, float, float, float>>)
                    if (a->shapes.transposed && name == name_of(method::direct)) return ours_transposed<T>(a);
                for (method m : {method::automatic, method::direct, method::im2col, method::winograd})
                    if (name == name_of(m)) return ours<T>(a, m);
                if (name == "two_threads") return ours<T>(a, method::direct, 2);
                if (name == "two_copies") return two_copies<T>(a->shapes);
                if (name == "error") return {0, text(error_of(*a)), [] {}};  // of what was computed last
                std::shared_ptr<dnnl_layer<T>> peer;
                const double seconds = seconds_of([&] {
                    peer = std::make_shared<dnnl_layer<T>>(a->shapes, name, a->x.data(), a->h.data(), a->y.data());
                });
                return {seconds, peer->about, [peer, finish] {
                            peer->run();
                            *finish = [peer] { peer->finish(); };
                        }};
            },
            [a, finish] {
                if (*finish) (*finish)();
                *finish = {};
                tensor<typename T::Y, 1> y({a->y.count()});
                std::copy_n(a->y.data(), a->y.count(), y.data());
                return fingerprint_of(y);
            }};
}

}  // namespace

int main() {
    serve(
        [](std::istream& words) {
            std::string type;
            words >> type;
            using floats = detail::types<float, float, float, float>;
            if (type == "float") return open_layer<floats>(layer(words));
            if (type == "transposed") return open_layer<floats>(layer(words, true));
            if (type == "fractions") return open_layer<floats>(layer(words), 3, 7);
            return open_layer<detail::types<std::uint8_t, std::int8_t, std::int32_t, std::int32_t>>(layer(words));
        },
        "oneDNN " + std::to_string(dnnl_version()->major) + "." + std::to_string(dnnl_version()->minor));
}
